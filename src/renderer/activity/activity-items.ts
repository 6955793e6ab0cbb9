import type { Activity } from '../../shared/results.ts';
import { dayKey, formatDay } from '../format/time.ts';

export type ActivityItem =
  | { readonly kind: 'day'; readonly key: string; readonly label: string; readonly count: number }
  | { readonly kind: 'entry'; readonly key: string; readonly entry: Activity };

/** Entries by local day, newest first as they come. */
export function activityItems(entries: readonly Activity[], now: number): readonly ActivityItem[] {
  const days: Activity[][] = [];
  let day = '';
  for (const entry of entries) {
    const key = dayKey(entry.at);
    if (key === day) days.at(-1)?.push(entry);
    else days.push([entry]);
    day = key;
  }
  return days.flatMap((of): readonly ActivityItem[] => [
    // Not the day alone: where a clock was set back, it comes twice.
    { kind: 'day', key: `day-${of[0]?.id}`, label: formatDay(of[0]?.at ?? '', now), count: of.length },
    ...of.map((entry): ActivityItem => ({ kind: 'entry', key: String(entry.id), entry })),
  ]);
}
