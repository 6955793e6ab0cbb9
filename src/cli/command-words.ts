import type { CommandWord } from './command.ts';

/** The argument that names one snapshot. */
export const snapshotWord: CommandWord = {
  spec: '<id>',
  describe: 'a snapshot: its id, the start of its id, or "latest"',
};
