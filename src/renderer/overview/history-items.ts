import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import type { Activity } from '../../shared/results.ts';
import { dayKey, formatDay } from '../format/time.ts';

export type HistoryItem =
  | {
      readonly kind: 'day';
      readonly key: string;
      readonly label: string;
      readonly snapshots: number;
      readonly failed: number;
    }
  | { readonly kind: 'snapshot'; readonly key: string; readonly row: SnapshotRow }
  | { readonly kind: 'failed'; readonly key: string; readonly at: string; readonly message: string };

/** Snapshots and failed attempts by local day, newest first, each day with a heading that counts them. */
export function historyItems(
  rows: readonly SnapshotRow[],
  activity: readonly Activity[],
  now: number,
): readonly HistoryItem[] {
  const days: Entry[][] = [];
  let day = '';
  for (const entry of inOrder(rows, activity)) {
    const key = dayKey(timeOf(entry));
    if (key === day) days.at(-1)?.push(entry);
    else days.push([entry]);
    day = key;
  }
  return days.flatMap((entries) => [heading(entries, now), ...entries]);
}

type Entry = Exclude<HistoryItem, { readonly kind: 'day' }>;

/** Rows are ordered already, by sequence: clocks may lie. Failures go where their time is. */
function inOrder(rows: readonly SnapshotRow[], activity: readonly Activity[]): readonly Entry[] {
  const failures = activity.filter(({ kind, ok, snapshot }) => kind === 'snapshot' && !ok && snapshot === null);
  const entries: Entry[] = [];
  let next = 0;
  const takeUntil = (at: string) => {
    for (let failure = failures[next]; failure !== undefined && failure.at > at; failure = failures[next]) {
      entries.push({ kind: 'failed', key: `failed-${failure.id}`, at: failure.at, message: failure.message });
      next += 1;
    }
  };
  for (const row of rows) {
    takeUntil(row.createdAt);
    entries.push({ kind: 'snapshot', key: row.id, row });
  }
  takeUntil('');
  return entries;
}

function heading(entries: readonly Entry[], now: number): HistoryItem {
  const at = entries[0] === undefined ? '' : timeOf(entries[0]);
  const failed = entries.filter(({ kind }) => kind === 'failed').length;
  // Not the day alone: where a clock was set back, it comes twice.
  const key = `day-${entries[0]?.key ?? ''}`;
  return { kind: 'day', key, label: formatDay(at, now), snapshots: entries.length - failed, failed };
}

function timeOf(entry: Entry): string {
  return entry.kind === 'snapshot' ? entry.row.createdAt : entry.at;
}
