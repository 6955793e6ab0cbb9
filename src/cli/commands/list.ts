import type { Command } from '../command.ts';
import { formatSnapshotList } from '../output/list-text.ts';

export const list: Command = {
  arguments: [],
  options: [],
  run: async (context) => {
    const snapshots = await (await context.engine()).list();
    return { data: { snapshots }, text: (style) => formatSnapshotList(snapshots, style) };
  },
};
