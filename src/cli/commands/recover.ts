import type { Command } from '../command.ts';
import { formatRecovered } from '../output/restore-text.ts';

/** Finishes or rolls back a restore that a crash interrupted. */
export const recover: Command = {
  arguments: [],
  options: [],
  run: async (context) => {
    const recovered = await (await context.engine()).recover({ onProgress: context.onProgress });
    return { data: { recovered }, text: (style) => formatRecovered(recovered, style) };
  },
};
