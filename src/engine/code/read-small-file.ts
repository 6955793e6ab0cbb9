import { closeSync, lstatSync, readSync } from 'node:fs';
import { systemErrorCode } from '../../shared/app-error.ts';
import { openForReading } from '../platform/open-file.ts';

/** The content of a small file, or why there is none. */
export type SmallFile =
  | { readonly kind: 'content'; readonly bytes: Buffer }
  | { readonly kind: 'absent' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Reads a regular file of at most `limitBytes`; a link, a FIFO or a folder counts as absent and is not opened. */
export function readSmallFile(path: string, limitBytes: number): SmallFile {
  try {
    const expected = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (expected === undefined || !expected.isFile()) return { kind: 'absent' };
    if (expected.size > BigInt(limitBytes)) return { kind: 'too-large' };
    const { fd } = openForReading(path, expected);
    try {
      return readUpTo(fd, limitBytes);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const detail = systemErrorCode(error);
    if (detail === undefined) throw error;
    return detail === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', detail };
  }
}

function readUpTo(fd: number, limitBytes: number): SmallFile {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    const piece = Buffer.alloc(64 * 1024);
    const count = readSync(fd, piece);
    if (count === 0) return { kind: 'content', bytes: Buffer.concat(pieces) };
    total += count;
    if (total > limitBytes) return { kind: 'too-large' };
    pieces.push(piece.subarray(0, count));
  }
}
