import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDrill } from '../output/drill-text.ts';

/** Exits 3 when what came out is not what the snapshot says. */
export const drill: Command = {
  arguments: [{ spec: '[id]', describe: 'a snapshot (the latest without it)' }],
  options: [],
  run: async (context) => {
    const { input, signal, onProgress } = context;
    const result = await (await context.engine()).drill(input.args[0] ?? 'latest', { signal, onProgress });
    return {
      data: { drill: result },
      text: (style) => formatDrill(result, style),
      exitCode: result.ok ? exitCodes.done : exitCodes.incomplete,
    };
  },
};
