import { escapeControl } from '../../shared/format.ts';
import type { Command } from '../command.ts';

/** Ends the alarm that stands. */
export const acknowledge: Command = {
  arguments: [],
  options: [],
  run: async (context) => {
    const alarm = await (await context.engine()).acknowledge();
    const text =
      alarm === null
        ? 'No alarm stands.'
        : `Ended the alarm: ${escapeControl(alarm.message)}\n${alarm.good} has what is missing, and stays pinned.`;
    return { data: { alarm }, text: () => text };
  },
};
