import { ports, readJson, request, startService } from '@codex/shared';
import { chooseService } from './choose-service.js';

startService({
  name: 'orchestrator',
  port: ports.orchestrator,
  routes: {
    'POST /turn': async (incoming) => {
      const turn = await readJson(incoming);
      const service = chooseService(turn.text ?? '');
      const { id } = await request(ports.brain, '/event', { kind: 'TurnAppended', event: { ...turn, service } });
      return { service, event: id };
    },
  },
});
