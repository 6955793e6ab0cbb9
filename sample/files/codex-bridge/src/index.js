import { ports, readJson, request, startService } from '@codex/shared';

startService({
  name: 'bridge',
  port: ports.bridge,
  routes: {
    'POST /turn': async (incoming) => await request(ports.orchestrator, '/turn', await readJson(incoming)),
  },
});
