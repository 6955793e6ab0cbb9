import { type CatalogEntry, hasGoodArchive, hasGoodBrain } from '../snapshot/catalog.ts';
import { listFiles } from '../snapshot/list-files.ts';
import type { HistoryItem } from './history.ts';

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
