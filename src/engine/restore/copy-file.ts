import { chmodSync, constants, copyFileSync, type Stats, utimesSync } from 'node:fs';
import { syncFile } from '../platform/durable-file.ts';

/** Copies a file to a new place, flushed, with its mode (no setuid, setgid, sticky) and times. */
export function copyFileWithTimes(from: string, to: string, stats: Pick<Stats, 'mode' | 'atime' | 'mtime'>): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  chmodSync(to, 0o600);
  utimesSync(to, stats.atime, stats.mtime);
  syncFile(to);
  chmodSync(to, stats.mode & 0o777);
}
