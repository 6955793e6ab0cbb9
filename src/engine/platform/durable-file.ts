import { randomBytes } from 'node:crypto';
import { closeSync, fsync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { systemErrorCode } from '../../shared/app-error.ts';
import { failPoint } from './fail-point.ts';

const flush = promisify(fsync);

/** Flushes a file's bytes to the disk (F_FULLFSYNC on macOS, through libuv). */
export function syncFile(path: string): void {
  withFile(path, 'r+', fsyncSync);
}

/** Begins at once to flush a file's bytes, beside whatever this thread does meanwhile. A failure must not be overlooked. */
export async function syncFileBeside(path: string): Promise<void> {
  const fd = openSync(path, 'r+');
  try {
    await flush(fd);
  } catch (error) {
    throw named(path, error);
  } finally {
    closeSync(fd);
  }
}

/**
 * Flushes a folder's entries, so that a rename in it survives a power cut. Some file systems (of networks, FAT) have no
 * such thing for folders, and say so: that is no failure.
 */
export function syncFolder(path: string): void {
  try {
    withFile(path, 'r', fsyncSync);
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

/** Creates a new file with exactly these bytes, 0600, flushed. Fails if it exists. */
export function writeNewFile(path: string, data: Uint8Array): void {
  withFile(path, 'wx', (fd) => {
    writeFully(fd, data);
    fsyncSync(fd);
  });
}

function withFile(path: string, flags: string, work: (fd: number) => void): void {
  const fd = openSync(path, flags, 0o600);
  try {
    namingFile(path, () => work(fd));
  } finally {
    closeSync(fd);
  }
}

/** The system's errors about an open file name no file; those that come out of here do. */
export function namingFile(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw named(path, error);
  }
}

const named = (path: string, error: unknown): unknown =>
  error instanceof Error && systemErrorCode(error) !== undefined ? Object.assign(error, { path }) : error;

/** Replaces a file in one step: temp beside it, flush, rename, flush the folder. A crash leaves the old or the new one. */
export function replaceFile(path: string, data: string | Uint8Array): void {
  const temporary = temporaryName(path);
  try {
    writeNewFile(temporary, Buffer.from(data));
    failPoint(`replace:${basename(path)}`);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  failPoint(`replaced:${basename(path)}`);
  syncFolder(dirname(path));
}

/** What a crash in the middle of writing leaves behind ends in `.tmp`. */
const temporaryName = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.tmp`;

/** Writes all of `data`, at the descriptor's own position or at a given one; the system may take it in pieces. */
export function writeFully(fd: number, data: Uint8Array, position?: number): void {
  let written = 0;
  while (written < data.length) {
    const at = position === undefined ? null : position + written;
    written += writeSync(fd, data, written, data.length - written, at);
  }
}
