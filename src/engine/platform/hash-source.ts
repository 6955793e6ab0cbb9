import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { systemErrorCode } from '../../shared/app-error.ts';
import { type FileIdentity, openForReading } from './open-file.ts';

/** sha256 of a user's file that lstat has just seen, in hex; undefined where it can't be read. */
export function hashSource(path: string, expected: FileIdentity): string | undefined {
  try {
    const { fd } = openForReading(path, expected);
    try {
      const hash = createHash('sha256');
      const buffer = Buffer.allocUnsafe(256 * 1024);
      for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
        hash.update(buffer.subarray(0, read));
      }
      return hash.digest('hex');
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
