import { type BigIntStats, closeSync, constants, fstatSync, openSync } from 'node:fs';

/**
 * Device and inode of each file that this process has open through SQLite. Closing any descriptor of such a file would
 * drop SQLite's POSIX locks (sqlite.org/howtocorrupt.html, 2.2), so nothing else may open it meanwhile.
 */
const openThroughSqlite = new Map<string, number>();

/** What tells one file from another, whatever its name. */
export type FileIdentity = Pick<BigIntStats, 'dev' | 'ino'>;

const fileKey = (stats: FileIdentity): string => `${stats.dev}:${stats.ino}`;

/** Marks a file as open through SQLite; the returned function ends that. */
export function registerSqliteFile(stats: FileIdentity): () => void {
  const key = fileKey(stats);
  openThroughSqlite.set(key, (openThroughSqlite.get(key) ?? 0) + 1);
  return () => {
    const count = (openThroughSqlite.get(key) ?? 1) - 1;
    if (count <= 0) openThroughSqlite.delete(key);
    else openThroughSqlite.set(key, count);
  };
}

/** True while this process holds that file open through SQLite. */
export function isOpenThroughSqlite(stats: FileIdentity): boolean {
  return openThroughSqlite.has(fileKey(stats));
}

class FileChangedKindError extends Error {
  readonly code = 'EKIND';
}

/**
 * Opens a user's file for reading: never follows a link, never blocks on a FIFO, and only if it is still the regular
 * file that `expected` (from lstat) describes. Throws the system's error, or FileChangedKindError.
 */
export function openForReading(
  path: string,
  expected: FileIdentity,
): { readonly fd: number; readonly stats: BigIntStats } {
  if (isOpenThroughSqlite(expected)) throw new FileChangedKindError(`${path} is open as a database in this process`);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile()) throw new FileChangedKindError(`${path} is no longer a regular file`);
    return { fd, stats };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
