import type { Command } from '../command.ts';
import { snapshotWord } from '../command-words.ts';
import { formatFiles } from '../output/files-text.ts';

export const files: Command = {
  arguments: [snapshotWord, { spec: '[path]', describe: 'only what lies there, as a path from the root' }],
  options: [],
  run: async (context) => {
    const entries = await (await context.engine()).files(context.input.required(0), context.input.args[1]);
    return { data: { entries }, text: () => formatFiles(entries) };
  },
};
