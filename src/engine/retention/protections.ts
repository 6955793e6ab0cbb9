import { agesOf, type HistoryItem, newestFirst } from './history.ts';

/** Why a snapshot may not be removed, by any rule or by hand. */
export type Protection = 'pinned' | 'good-brain' | 'baseline' | 'good-archive' | 'safety' | 'alarm';

/** In words, as plans and messages say it. */
export const protectionWords: Readonly<Record<Protection, string>> = {
  pinned: 'pinned',
  'good-brain': 'the newest with a good Brain',
  baseline: 'what growth is measured from',
  'good-archive': 'the newest with a good archive',
  safety: 'taken before a restore, less than 30 days ago',
  alarm: 'an alarm stands',
};

const safetyMs = 30 * 86_400_000;

/**
 * What keeps each snapshot, whatever the rules say: the one answer for pruning and for removing by hand. `alarm` says
 * why nothing at all may be removed now, or is null.
 */
export function findProtections(
  history: readonly HistoryItem[],
  alarm: string | null,
): ReadonlyMap<string, readonly Protection[]> {
  const ordered = newestFirst(history);
  const ages = agesOf(ordered);
  const goodBrain = ordered.find(({ hasGoodBrain }) => hasGoodBrain);
  const goodArchive = ordered.find(({ hasGoodArchive }) => hasGoodArchive);
  const protect = (item: HistoryItem): readonly Protection[] => [
    ...(item.pinned ? (['pinned'] as const) : []),
    ...(item === goodBrain ? (['good-brain'] as const) : []),
    ...(item.isBaseline && item !== goodBrain ? (['baseline'] as const) : []),
    ...(item === goodArchive ? (['good-archive'] as const) : []),
    ...(item.isSafety && (ages.get(item.id) ?? 0) < safetyMs ? (['safety'] as const) : []),
    ...(alarm !== null ? (['alarm'] as const) : []),
  ];
  return new Map(ordered.map((item) => [item.id, protect(item)]));
}
