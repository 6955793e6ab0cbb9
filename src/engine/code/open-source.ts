import { type BigIntStats, closeSync, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { Skipped, SkipReason, Warning } from '../../shared/model.ts';
import { openForReading } from '../platform/open-file.ts';
import type { CodeEntry } from './code-entry.ts';
import type { SourceStats } from './pack-job.ts';

export interface OpenSource {
  readonly fd: number;
  readonly stats: BigIntStats;
}

/** Opens a file of the user that the walk found; a file that can't or mustn't be read throws, see `skippedBecause`. */
export function openSource(root: string, entry: CodeEntry): OpenSource {
  const source = openForReading(join(root, entry.path), entry);
  try {
    const isSameFile = source.stats.dev === entry.dev && source.stats.ino === entry.ino;
    if (!isSameFile && hasLinkedParent(root, entry.path)) throw new NotArchivableError('reached through a link');
    return source;
  } catch (error) {
    closeSync(source.fd);
    throw error;
  }
}

/** A file that may be read but doesn't belong in the archive. */
export class NotArchivableError extends Error {
  readonly code = 'ENOTARCHIVABLE';
}

/** Refuses a file that became a database since the walk: it belongs in no archive. `start` is how its content begins. */
export function refuseDatabase(start: Buffer): void {
  if (start.toString('latin1', 0, 16) === 'SQLite format 3\0') throw new NotArchivableError('became a database');
}

/** How a failure to read `path` is listed; a failure that isn't the file's own is thrown on. */
export function skippedBecause(error: unknown, path: string): Skipped {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  const reason = reasons[code] ?? 'unreadable';
  const detail = error instanceof NotArchivableError ? error.message : code === 'EKIND' ? undefined : code;
  return detail === undefined ? { path, reason } : { path, reason, detail };
}

/** The remark on a file whose content moved under the reader. */
export function changedWhileRead(path: string): Warning {
  return {
    code: 'changed-while-read',
    message: `${path} changed while it was read: the snapshot holds it as it was partly before and partly after.`,
  };
}

/** True when size or time moved between two looks at an open file. */
export function isChanged(before: BigIntStats, after: BigIntStats): boolean {
  return before.size !== after.size || before.mtimeNs !== after.mtimeNs;
}

export function toSourceStats(stats: BigIntStats, size: number): SourceStats {
  const { mtimeNs, ctimeNs, ino } = stats;
  return { size, mode: Number(stats.mode) & 0o7777, mtimeNs, ctimeNs, ino };
}

/** ELOOP is a link (O_NOFOLLOW), ENXIO a socket or a FIFO without a writer, ENOTDIR a parent that is a file now. */
const reasons: Readonly<Record<string, SkipReason>> = {
  ENOENT: 'vanished',
  ENOTDIR: 'vanished',
  ELOOP: 'replaced',
  EMLINK: 'replaced',
  ENXIO: 'replaced',
  EKIND: 'replaced',
  ENOTARCHIVABLE: 'replaced',
};

/** A folder of the walk may have been swapped for a link, which O_NOFOLLOW on the file doesn't see. */
function hasLinkedParent(root: string, path: string): boolean {
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    if (lstatSync(join(root, parent)).isSymbolicLink()) return true;
  }
  return false;
}
