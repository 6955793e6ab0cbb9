import type { Engine } from '../../engine/engine.ts';
import { AppError } from '../../shared/app-error.ts';
import type { ServiceReport } from '../../shared/results.ts';
import type { Command } from '../command.ts';
import { formatService } from '../output/service-text.ts';

const actions: Readonly<Record<string, (engine: Engine) => Promise<ServiceReport>>> = {
  install: (engine) => engine.installService(),
  remove: (engine) => engine.removeService(),
  status: (engine) => engine.serviceStatus(),
};

/** Has the system run the watcher, and asks how it goes. */
export const service: Command = {
  arguments: [{ spec: '<action>', describe: 'install, remove or status' }],
  options: [],
  run: async ({ input, engine }) => {
    const act = Object.entries(actions).find(([name]) => name === input.required(0))?.[1];
    if (act === undefined) {
      throw new AppError('usage', `"${input.required(0)}" is nothing that can be done with the service.`, {
        hint: 'Give install, remove or status.',
      });
    }
    const report = await act(await engine());
    return { data: { service: report }, text: () => formatService(report) };
  },
};
