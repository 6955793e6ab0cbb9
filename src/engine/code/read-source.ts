import { closeSync, fstatSync, readSync } from 'node:fs';
import type { Skipped } from '../../shared/model.ts';
import type { CodeEntry } from './code-entry.ts';
import { isChanged, openSource, refuseDatabase, skippedBecause, toSourceStats } from './open-source.ts';
import type { SourceStats } from './pack-job.ts';

/** A small file may grow between walk and reading; what is beyond this waits for the next snapshot. */
const maxContentBytes = 16 * 1024 * 1024;

export type ReadSource =
  | { readonly kind: 'read'; readonly content: Buffer; readonly stats: SourceStats; readonly isChanged: boolean }
  | { readonly kind: 'skipped'; readonly skipped: Skipped };

/** Reads one small file as large as it was when it was opened: zeros stand for what is gone, what was added is cut. */
export function readSource(root: string, entry: CodeEntry, allocate: (size: number) => Buffer): ReadSource {
  try {
    const { fd, stats } = openSource(root, entry);
    try {
      const size = Math.min(Number(stats.size), maxContentBytes);
      const content = allocate(size);
      const read = readFully(fd, content);
      content.fill(0, read);
      refuseDatabase(content);
      const changed = read < size || BigInt(size) < stats.size || isChanged(stats, fstatSync(fd, { bigint: true }));
      return { kind: 'read', content, stats: toSourceStats(stats, size), isChanged: changed };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return { kind: 'skipped', skipped: skippedBecause(error, entry.path) };
  }
}

function readFully(fd: number, content: Buffer): number {
  let position = 0;
  while (position < content.length) {
    const read = readSync(fd, content, position, content.length - position, position);
    if (read === 0) break;
    position += read;
  }
  return position;
}
