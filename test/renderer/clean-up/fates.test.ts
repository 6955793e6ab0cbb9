import { describe, expect, test } from 'vitest';
import { fateColumns } from '../../../src/renderer/clean-up/fate-columns.ts';
import { alarmOf, fateItems, fatesOf, firstDayThatGoes } from '../../../src/renderer/clean-up/fates.ts';
import type { SnapshotRow } from '../../../src/shared/protocol/status-views.ts';

const now = new Date(2025, 10, 20, 14, 35).getTime();
const hourMs = 3_600_000;

function row(id: string, hoursAgo: number, more: Partial<SnapshotRow> = {}): SnapshotRow {
  return {
    id,
    createdAt: new Date(now - hoursAgo * hourMs).toISOString(),
    sequence: 1,
    trigger: 'growth',
    status: 'verified',
    pinned: false,
    note: '',
    durationMs: 1,
    diskBytes: 10,
    brainBytes: 10,
    brainChange: 0,
    rowsMade: 0,
    codeBytes: 1,
    codeFiles: 1,
    isSameCode: true,
    databases: 0,
    skipped: 0,
    warnings: 0,
    ...more,
  };
}

const rows = [row('a', 1), row('b', 2, { note: 'Before the import' }), row('c', 30), row('d', 31)];
const plan = {
  keep: [
    { id: 'a', reasons: ['one of the last 2', 'the newest of its day'] },
    { id: 'b', reasons: ['one of the last 2'] },
    { id: 'c', reasons: ['the newest of its day'] },
  ],
  remove: [{ id: 'd', reason: 'not one of the last 2' }],
  freedBytes: 12,
};

describe('what a plan means', () => {
  test('says of what stays why, with its note, and of what goes which one of that day stays', () => {
    const fates = fatesOf(plan, rows);
    expect(fates.map(({ stays }) => stays)).toEqual([true, true, true, false]);
    expect(fates[1]?.why).toBe('One of the last 2: “Before the import”');
    expect(fates[3]?.why).toBe('08:35 of that day stays');
    expect(fates[3]?.reason).toBe('not one of the last 2');
  });

  test('a snapshot that the plan does not know yet is not shown', () => {
    expect(fatesOf(plan, [row('new', 0), ...rows])).toHaveLength(4);
  });

  test('days are counted, and only those that are open list their snapshots', () => {
    const fates = fatesOf(plan, rows);
    const open = firstDayThatGoes(fates);
    const items = fateItems(fates, new Set(open === undefined ? [] : [open]), now);
    expect(
      items.map((item) => (item.kind === 'day' ? [item.label, item.stay, item.go, item.bytes] : item.key)),
    ).toEqual([['Today', 2, 0, 0], ['Yesterday', 1, 1, 10], 'c', 'd']);
  });

  test('an alarm is told once, not with every snapshot', () => {
    const keep = rows.map(({ id }) => ({ id, reasons: ['pinned', 'an alarm stands: 12 memories are missing'] }));
    const held = { keep, remove: [], freedBytes: 0 };
    expect(alarmOf(held)).toBe('12 memories are missing');
    expect(alarmOf(plan)).toBeNull();
    expect(fatesOf(held, rows)[0]?.why).toBe('Pinned');
  });
});

describe('the picture of a plan', () => {
  test('has a column for each day, also for those without a snapshot', () => {
    const { unit, columns } = fateColumns(fatesOf(plan, rows), now, 60);
    expect(unit).toBe('day');
    expect(columns.map(({ stay, go }) => [stay, go])).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });

  test('is never wider than it may be, whatever a clock has said', () => {
    const far = [row('a', 1), row('b', 24 * 365 * 40)];
    const kept = { keep: far.map(({ id }) => ({ id, reasons: ['pinned'] })), remove: [], freedBytes: 0 };
    const { columns } = fateColumns(fatesOf(kept, far), now, 30);
    expect(columns.length).toBeLessThanOrEqual(30);
    expect(columns.reduce((sum, { stay }) => sum + stay, 0)).toBe(2);
  });
});
