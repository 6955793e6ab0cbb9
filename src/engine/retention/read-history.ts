import { type CatalogEntry, hasGoodArchive, hasGoodBrain } from '../snapshot/catalog.ts';
import { listFiles } from '../snapshot/list-files.ts';
import type { HistoryItem } from './history.ts';

/** What retention has to know of the snapshots of a catalog, and of the baseline among them. */
export function readHistory(
  catalog: readonly CatalogEntry[],
  baseline: CatalogEntry | undefined,
): readonly HistoryItem[] {
  return catalog.map((entry) => ({
    id: entry.snapshot.id,
    sequence: entry.snapshot.sequence,
    createdAtMs: Date.parse(entry.snapshot.createdAt),
    pinned: entry.snapshot.pinned,
    isSafety: entry.snapshot.trigger === 'pre-restore',
    isBaseline: entry === baseline,
    hasGoodBrain: hasGoodBrain(entry),
    hasGoodArchive: hasGoodArchive(entry),
    files: listFiles(entry.snapshot.path),
  }));
}
