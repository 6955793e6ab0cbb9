import { escapeControl } from '../../shared/format.ts';
import type { Command } from '../command.ts';
import { snapshotWord } from '../command-words.ts';

/** Replaces the note; an empty text takes it away. */
export const note: Command = {
  arguments: [snapshotWord, { spec: '<text>', describe: 'the note; "" takes it away' }],
  options: [],
  run: async (context) => {
    const snapshot = await (await context.engine()).note(context.input.required(0), context.input.required(1));
    const id = escapeControl(snapshot.id);
    const text = snapshot.note === '' ? `${id} has no note now.` : `Noted on ${id}: ${escapeControl(snapshot.note)}`;
    return { data: { snapshot }, text: () => text, confirms: true };
  },
};
