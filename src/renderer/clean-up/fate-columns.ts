import type { Fate } from './fates.ts';

/** Snapshots of one stretch of time, as a column of the picture. */
export interface FateColumn {
  readonly fromMs: number;
  readonly stay: number;
  readonly go: number;
}

const dayMs = 86_400_000;
const units = [
  { word: 'day', ms: dayMs },
  { word: 'week', ms: 7 * dayMs },
  { word: 'month', ms: 30 * dayMs },
  { word: 'year', ms: 365 * dayMs },
] as const;

export interface FateColumns {
  /** What one column is. */
  readonly unit: (typeof units)[number]['word'];
  /** Oldest first, without gaps. */
  readonly columns: readonly FateColumn[];
}

/** At most `most` columns that end now; the coarser, the further back the snapshots reach. */
export function fateColumns(fates: readonly Fate[], now: number, most: number): FateColumns {
  const times = fates.map(({ row }) => Date.parse(row.createdAt)).filter((time) => !Number.isNaN(time));
  const oldest = times.reduce((least, time) => Math.min(least, time), now);
  const endMs = endOfDay(now);
  const unit = units.find(({ ms }) => (endMs - oldest) / ms <= most) ?? units[3];
  // A clock that was wrong by decades must not make a million columns.
  const count = Math.min(most, Math.max(1, Math.ceil((endMs - oldest) / unit.ms)));
  const columns = Array.from({ length: count }, (_, index) => ({
    fromMs: endMs - (count - index) * unit.ms,
    stay: 0,
    go: 0,
  }));
  for (const { row, stays } of fates) {
    const back = Math.floor((endMs - 1 - Date.parse(row.createdAt)) / unit.ms);
    const column = columns[count - 1 - Math.min(count - 1, Math.max(0, back))];
    if (column !== undefined) column[stays ? 'stay' : 'go'] += 1;
  }
  return { unit: unit.word, columns };
}

function endOfDay(now: number): number {
  return new Date(now).setHours(24, 0, 0, 0);
}
