import { ports, readJson, startService } from '@codex/shared';
import { openLedger } from './ledger.js';

const ledger = openLedger();

startService({
  name: 'hands',
  port: ports.hands,
  routes: {
    'POST /act': async (request) => ledger.add(await readJson(request)),
    'GET /actions': () => ledger.latest(),
  },
});
