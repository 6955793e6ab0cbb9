import { createHash } from 'node:crypto';
import type { CodeEntry } from './code-entry.ts';
import { racyMs } from './reuse-packs.ts';

/**
 * sha256, in hex, over what lstat said of every entry, in order. Equal digests mean that nothing was added, removed or
 * changed: path, kind, size, mode, mtime, ctime, inode and target of each entry are the same.
 */
export function digestSources(entries: readonly CodeEntry[]): string {
  const stats = new BigInt64Array(entries.length * statsPerEntry);
  // No path and no target holds a NUL: no two lists read the same.
  let names = '';
  let position = 0;
  for (const { path, kind, target = '', size, mode, mtimeNs, ctimeNs, ino } of entries) {
    names += `${kind} ${size} ${mode}\0${path}\0${target}\0`;
    stats[position] = mtimeNs;
    stats[position + 1] = ctimeNs;
    stats[position + 2] = BigInt.asIntN(64, ino);
    position += statsPerEntry;
  }
  return createHash('sha256').update(stats).update(names).digest('hex');
}

const statsPerEntry = 3;

/** Whether a file may have changed in the same tick of its clock in which it was read, so that its stat proves nothing. */
export function hasRacyEntry(entries: readonly CodeEntry[], startedAtMs: number): boolean {
  const racyNs = BigInt(startedAtMs - racyMs) * 1_000_000n;
  return entries.some(({ mtimeNs, ctimeNs }) => mtimeNs >= racyNs || ctimeNs >= racyNs);
}
