import type { SnapshotFile } from '../snapshot/list-files.ts';

/** What retention knows of a snapshot. */
export interface HistoryItem {
  readonly id: string;
  readonly sequence: number;
  readonly createdAtMs: number;
  readonly pinned: boolean;
  /** Taken before a restore, so that it can be undone. */
  readonly isSafety: boolean;
  /** Growth is measured from it: the newest with a good Brain, or, until the next one, the one that was restored. */
  readonly isBaseline: boolean;
  readonly hasGoodBrain: boolean;
  readonly hasGoodArchive: boolean;
  readonly files: readonly SnapshotFile[];
}

/** By sequence, which no clock can change; by name where that is equal (v1.5 had none). */
export function newestFirst<T extends Pick<HistoryItem, 'id' | 'sequence'>>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => b.sequence - a.sequence || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}

const dayMs = 86_400_000;
const longestGapMs = 7 * dayMs;

/**
 * How old each snapshot is, counted back from the newest one over the gaps between them, each of which counts as at
 * least nothing and at most a week. So no clock that jumps by years, and no month in a drawer, makes all of them old at
 * once; and while no snapshot is taken, none ages.
 */
export function agesOf(ordered: readonly HistoryItem[]): ReadonlyMap<string, number> {
  const ages = new Map<string, number>();
  let age = 0;
  for (const [index, item] of ordered.entries()) {
    const newer = ordered[index - 1];
    if (newer !== undefined) age += Math.min(longestGapMs, Math.max(0, newer.createdAtMs - item.createdAtMs));
    ages.set(item.id, age);
  }
  return ages;
}

/** What removing these snapshots together frees: an inode's bytes go with the last of its names. */
export function bytesFreedBy(items: readonly HistoryItem[]): number {
  const left = new Map<string, number>();
  let freed = 0;
  for (const { inode, bytes, links } of items.flatMap(({ files }) => files)) {
    const others = (left.get(inode) ?? links) - 1;
    left.set(inode, others);
    if (others === 0) freed += bytes;
  }
  return freed;
}
