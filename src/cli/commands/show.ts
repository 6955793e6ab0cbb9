import type { Command } from '../command.ts';
import { copyWord, snapshotWord } from '../command-words.ts';
import { formatSnapshotDetail } from '../output/show-text.ts';

export const show: Command = {
  arguments: [snapshotWord],
  options: [copyWord],
  run: async (context) => {
    const { input, signal } = context;
    const copy = input.text('copy');
    const reference = input.required(0);
    const engine = await context.engine();
    const snapshot =
      copy === undefined ? await engine.show(reference) : await engine.showCopy(copy, reference, { signal });
    return { data: { snapshot }, text: (style) => formatSnapshotDetail(snapshot, style) };
  },
};
