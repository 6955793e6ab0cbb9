import type { Command } from '../command.ts';
import { formatLink } from '../output/link-text.ts';

export const unlink: Command = {
  arguments: [],
  options: [],
  run: async (context) => {
    const report = await (await context.engine()).unlink();
    return { data: { link: report }, text: () => formatLink(report), confirms: true };
  },
};
