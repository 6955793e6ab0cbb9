import { ports, readJson, startService } from '@codex/shared';
import { openBrain } from './brain.js';
import { watchGrowth } from './watch-growth.js';

const brain = openBrain();

startService({
  name: 'brain',
  port: ports.brain,
  routes: {
    'POST /event': async (request) => brain.remember(await readJson(request)),
    'GET /stats': () => brain.stats(),
  },
});

watchGrowth(brain.path);
