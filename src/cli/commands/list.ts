import type { Command } from '../command.ts';
import { copyWord } from '../command-words.ts';
import { formatSnapshotList } from '../output/list-text.ts';

export const list: Command = {
  arguments: [],
  options: [copyWord],
  run: async (context) => {
    const { input, signal } = context;
    const copy = input.text('copy');
    const engine = await context.engine();
    const snapshots = copy === undefined ? await engine.list() : await engine.listCopy(copy, { signal });
    return { data: { snapshots }, text: (style) => formatSnapshotList(snapshots, style) };
  },
};
