import { escapeControl } from '../../shared/format.ts';
import type { Command } from '../command.ts';
import { snapshotWord } from '../command-words.ts';

export const pin: Command = {
  arguments: [snapshotWord],
  options: [],
  run: async (context) => {
    const snapshot = await (await context.engine()).pin(context.input.required(0), true);
    return { data: { snapshot }, text: () => `Pinned ${escapeControl(snapshot.id)}.`, confirms: true };
  },
};
