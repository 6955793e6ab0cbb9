import type { Command } from '../command.ts';
import { formatActivity } from '../output/activity-text.ts';

export const activity: Command = {
  arguments: [],
  options: [{ spec: '--limit <n>', describe: 'at most so many entries (else 50)' }],
  run: async (context) => {
    const limit = context.input.count('limit');
    const entries = await (await context.engine()).activity(limit === undefined ? {} : { limit });
    return { data: { activity: entries }, text: (style) => formatActivity(entries, style) };
  },
};
