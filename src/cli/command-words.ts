import type { CommandWord } from './command.ts';

/** The argument that names one snapshot. */
export const snapshotWord: CommandWord = {
  spec: '<id>',
  describe: 'a snapshot: its id, the start of its id, or "latest"',
};

/** The option that looks into a copy instead of the backups. */
export const copyWord: CommandWord = { spec: '--copy <name>', describe: 'of this copy, instead of the backups' };
