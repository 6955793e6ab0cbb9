import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import type { PrunePlan } from '../../shared/retention.ts';
import { capitalise } from '../../shared/words.ts';
import { dayKey, formatClock, formatDay } from '../format/time.ts';

/** What a plan means for one snapshot. */
export interface Fate {
  readonly row: SnapshotRow;
  readonly stays: boolean;
  readonly why: string;
  /** All that the engine has said about it. */
  readonly reason: string;
}

export type FateItem =
  | {
      readonly kind: 'day';
      readonly key: string;
      readonly label: string;
      readonly stay: number;
      readonly go: number;
      /** What removing each alone would free; what they share comes on top. */
      readonly bytes: number;
      readonly isOpen: boolean;
    }
  | { readonly kind: 'fate'; readonly key: string; readonly fate: Fate };

const alarmLead = 'an alarm stands: ';

/** Why nothing at all may go at present; null where no alarm stands. */
export function alarmOf(plan: PrunePlan): string | null {
  const told = plan.keep[0]?.reasons.find((reason) => reason.startsWith(alarmLead));
  return told === undefined ? null : told.slice(alarmLead.length);
}

/** The plan for each snapshot that is on the list, newest first. */
export function fatesOf(plan: PrunePlan, rows: readonly SnapshotRow[]): readonly Fate[] {
  const kept = new Map(plan.keep.map(({ id, reasons }) => [id, reasons]));
  const removed = new Map(plan.remove.map(({ id, reason }) => [id, reason]));
  const stayers = newestStayers(rows, kept);
  return rows.flatMap((row): readonly Fate[] => {
    const reasons = kept.get(row.id);
    if (reasons !== undefined) return [{ row, stays: true, why: stayWords(row, reasons), reason: reasons.join(', ') }];
    const reason = removed.get(row.id);
    if (reason === undefined) return [];
    const stayer = stayers.get(dayKey(row.createdAt));
    const why = stayer === undefined ? 'No rule wants it' : `${formatClock(stayer)} of that day stays`;
    return [{ row, stays: false, why, reason }];
  });
}

/** Days with what becomes of each, and the snapshots of those that are open. */
export function fateItems(fates: readonly Fate[], open: ReadonlySet<string>, now: number): readonly FateItem[] {
  const days = Map.groupBy(fates, ({ row }) => dayKey(row.createdAt));
  return [...days].flatMap(([key, of]): readonly FateItem[] => {
    const going = of.filter(({ stays }) => !stays);
    const day: FateItem = {
      kind: 'day',
      key,
      label: formatDay(of[0]?.row.createdAt ?? '', now),
      stay: of.length - going.length,
      go: going.length,
      bytes: going.reduce((sum, { row }) => sum + row.diskBytes, 0),
      isOpen: open.has(key),
    };
    return open.has(key) ? [day, ...of.map((fate): FateItem => ({ kind: 'fate', key: fate.row.id, fate }))] : [day];
  });
}

/** The newest day on which something goes: what one wants to see first. */
export function firstDayThatGoes(fates: readonly Fate[]): string | undefined {
  const first = fates.find(({ stays }) => !stays);
  return first === undefined ? undefined : dayKey(first.row.createdAt);
}

function newestStayers(rows: readonly SnapshotRow[], kept: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  const stayers = new Map<string, string>();
  for (const { id, createdAt } of rows) {
    const key = dayKey(createdAt);
    if (kept.has(id) && !stayers.has(key)) stayers.set(key, createdAt);
  }
  return stayers;
}

/** The reason that holds longest. The others are in `reason`; the alarm is told once, above the list. */
function stayWords(row: SnapshotRow, reasons: readonly string[]): string {
  const own = reasons.filter((reason) => !reason.startsWith(alarmLead));
  const words = capitalise(own.find((reason) => reason === 'pinned') ?? own[0] ?? 'held by the alarm');
  return row.note === '' ? words : `${words}: “${row.note}”`;
}
