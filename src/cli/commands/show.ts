import type { Command } from '../command.ts';
import { snapshotWord } from '../command-words.ts';
import { formatSnapshotDetail } from '../output/show-text.ts';

export const show: Command = {
  arguments: [snapshotWord],
  options: [],
  run: async (context) => {
    const snapshot = await (await context.engine()).show(context.input.required(0));
    return { data: { snapshot }, text: (style) => formatSnapshotDetail(snapshot, style) };
  },
};
