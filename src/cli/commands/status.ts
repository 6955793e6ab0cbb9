import type { Command } from '../command.ts';
import { formatStatus } from '../output/status-text.ts';

export const status: Command = {
  arguments: [],
  options: [],
  run: async (context) => {
    const answer = await (await context.engine()).status();
    return { data: { status: answer }, text: (style) => formatStatus(answer, style) };
  },
};
