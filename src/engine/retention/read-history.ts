import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogEntry, hasGoodArchive, hasGoodBrain } from '../snapshot/catalog.ts';
import type { HistoryFile, HistoryItem } from './history.ts';

/** What retention has to know of the snapshots of a catalog. */
export function readHistory(catalog: readonly CatalogEntry[]): readonly HistoryItem[] {
  return catalog.map((entry) => ({
    id: entry.snapshot.id,
    sequence: entry.snapshot.sequence,
    createdAtMs: Date.parse(entry.snapshot.createdAt),
    pinned: entry.snapshot.pinned,
    isSafety: entry.snapshot.trigger === 'pre-restore',
    hasGoodBrain: hasGoodBrain(entry),
    hasGoodArchive: hasGoodArchive(entry),
    files: listFiles(entry.snapshot.path),
  }));
}

/** The files of one snapshot with what they take on the disk; links are not followed. */
export function listFiles(folder: string): readonly HistoryFile[] {
  const files: HistoryFile[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const stats = lstatSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    if (stats === undefined) continue;
    files.push({ inode: `${stats.dev}:${stats.ino}`, bytes: stats.blocks * 512, links: stats.nlink });
  }
  return files;
}
