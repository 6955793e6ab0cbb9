import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatCount } from '../../shared/format.ts';
import type { Command } from '../command.ts';
import { formatAdopted } from '../output/copies-text.ts';

/** Brings the snapshots of a copy to a machine that has never seen them. */
export const adopt: Command = {
  arguments: [{ spec: '<from>', describe: 'a folder with snapshots, or a remote of rclone (NAME:FOLDER)' }],
  options: [{ spec: '--latest', describe: 'only the newest snapshot' }],
  run: async ({ input, engine, signal, onProgress, report }) => {
    const from = input.required(0);
    const isRemote = /^[^/]+:/.test(from) && !existsSync(from);
    const adopted = await (await engine()).adopt(isRemote ? from : resolve(from), {
      signal,
      onProgress,
      onlyLatest: input.flag('latest'),
      onBrought: (id, left) =>
        report({
          data: { kind: 'brought', snapshot: id, left },
          text: () => `${id} has come; ${formatCount(left, 'snapshot')} to come. You can restore it now.`,
        }),
    });
    return { data: { adopted }, text: () => formatAdopted(adopted), confirms: true };
  },
};
