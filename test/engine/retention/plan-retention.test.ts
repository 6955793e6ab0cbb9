import { describe, expect, test } from 'vitest';
import type { HistoryItem } from '../../../src/engine/retention/history.ts';
import { planRetention } from '../../../src/engine/retention/plan-retention.ts';
import type { RetentionRules } from '../../../src/shared/retention.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const year = 365 * dayMs;
const start = Date.parse('2025-10-25T22:30:00Z');

/** Snapshots at these times, in the order in which they were made; `a` is the oldest. */
function history(
  times: readonly number[],
  changes: Readonly<Record<string, Partial<HistoryItem>>> = {},
): HistoryItem[] {
  return times.map((time, index) => {
    const id = String.fromCharCode(97 + index);
    const files = [{ inode: id, bytes: 100, links: 1 }];
    const good = { pinned: false, isSafety: false, isBaseline: false, hasGoodBrain: true, hasGoodArchive: true };
    return { id, sequence: index + 1, createdAtMs: start + time, ...good, files, ...changes[id] };
  });
}

/** The names of what stays, newest first. */
function kept(items: readonly HistoryItem[], rules: RetentionRules, alarm: string | null = null): string {
  return planRetention(items, rules, alarm)
    .keep.map(({ id }) => id)
    .join('');
}

const hourly = (count: number) => Array.from({ length: count }, (_, i) => i * hourMs);

test('without a rule all stay, and say so', () => {
  const { keep, remove, freedBytes } = planRetention(history(hourly(2)), {}, null);
  expect(keep.map(({ reasons }) => reasons)).toEqual([
    ['no rule is set', 'the newest with a good Brain', 'the newest with a good archive'],
    ['no rule is set'],
  ]);
  expect(remove).toEqual([]);
  expect(freedBytes).toBe(0);
});

test('each snapshot is explained', () => {
  const { keep, remove } = planRetention(
    history(hourly(4), { a: { pinned: true } }),
    { keepLast: 2, keepDaily: 1 },
    null,
  );
  expect(keep).toEqual([
    {
      id: 'd',
      reasons: [
        'one of the last 2',
        'the newest of its day',
        'the newest with a good Brain',
        'the newest with a good archive',
      ],
    },
    { id: 'c', reasons: ['one of the last 2'] },
    { id: 'a', reasons: ['pinned'] },
  ]);
  expect(remove).toEqual([{ id: 'b', reason: 'not one of the last 2, not the newest of one of the last 1 day' }]);
});

describe('rules', () => {
  test('are a union', () => {
    const items = history([0, dayMs, 2 * dayMs, 3 * dayMs, 3 * dayMs + 60_000]);
    expect(kept(items, { keepLast: 2 })).toBe('ed');
    expect(kept(items, { keepDaily: 2 })).toBe('ec');
    expect(kept(items, { keepLast: 2, keepDaily: 2 })).toBe('edc');
  });

  test('by week, month and year keep the newest of each', () => {
    const items = history([0, 7 * dayMs, 8 * dayMs, 40 * dayMs, 400 * dayMs]);
    expect(kept(items, { keepWeekly: 3 })).toBe('edc');
    expect(kept(items, { keepMonthly: 3 })).toBe('edc');
    expect(kept(items, { keepYearly: 9 })).toBe('ed');
  });

  test('within a span keep what is not older than that', () => {
    expect(kept(history(hourly(5)), { keepWithinDays: 2 / 24 })).toBe('edc');
  });

  test('by size keep the newest that fit, and count what they share once', () => {
    const shared = { inode: 'archive', bytes: 1000, links: 4 };
    const items = history(hourly(4)).map((item) => ({ ...item, files: [...item.files, shared] }));
    expect(kept(items, { maxBytes: 1250 })).toBe('dc');
    expect(kept(items, { maxBytes: 1400 })).toBe('dcba');
  });
});

test('bytes are freed once the last of their names goes, on this disk', () => {
  const pair = { inode: 'pair', bytes: 1000, links: 2 };
  const elsewhere = { inode: 'elsewhere', bytes: 50, links: 2 };
  const items = history(hourly(4), { a: { files: [pair, elsewhere] }, b: { files: [pair] } });
  expect(planRetention(items, { keepLast: 2 }, null).freedBytes).toBe(1000);
  expect(planRetention(items, { keepLast: 3 }, null).freedBytes).toBe(0);
});

test('D62: broken ones take nobody’s place', () => {
  const items = history(hourly(6), { e: { hasGoodBrain: false }, f: { hasGoodBrain: false } });
  expect(kept(items, { keepLast: 2 })).toBe('fedc');
  expect(kept(items, { keepHourly: 2 })).toBe('fedc');
  expect(kept(items, { keepDaily: 1 })).toBe('fd');
});

test('a safety snapshot stays for 30 days, and no longer', () => {
  const days = [0, 10, 20, 29.9];
  const safety = { a: { isSafety: true } };
  expect(
    kept(
      history(
        days.map((day) => day * dayMs),
        safety,
      ),
      { keepLast: 1 },
    ),
  ).toBe('da');
  // No gap counts for more than a week.
  const weekly = Array.from({ length: 6 }, (_, i) => i * 7 * dayMs);
  expect(kept(history(weekly, safety), { keepLast: 1 })).toBe('f');
});

describe('C51: a clock', () => {
  test('that jumps ten years ahead makes nothing ten years old', () => {
    const times = [...hourly(5), 10 * year, 10 * year + hourMs];
    expect(kept(history(times), { keepWithinDays: 8 })).toBe('gfedcba');
  });

  test('that jumps back, and one that does so twice, makes nothing old', () => {
    expect(kept(history([0, hourMs, -year, hourMs - year, 2 * hourMs, -2 * year]), { keepWithinDays: 8 })).toBe(
      'fedcba',
    );
  });

  test('order is by sequence, also where all times are equal', () => {
    expect(kept(history([0, 0, 0, 0]), { keepLast: 2 })).toBe('dc');
    expect(kept(history([3 * hourMs, 2 * hourMs, hourMs]), { keepLast: 1 })).toBe('c');
    expect(kept(history([3 * hourMs, 2 * hourMs, hourMs]).toReversed(), { keepHourly: 2 })).toBe('cb');
  });

  test('C50: that repeats an hour at the end of summer keeps one of each hour that passed', () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Europe/Berlin';
    try {
      // 00:30, 01:30, 02:30, 02:30 again, and 03:30 in Berlin.
      expect(kept(history(hourly(5)), { keepHourly: 5 })).toBe('edcba');
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});

test('v1.5 snapshots, which have no sequence, are older than all others, by name', () => {
  const items = history([9 * hourMs, 8 * hourMs, 0, hourMs], { a: { sequence: 0 }, b: { sequence: 0 } });
  expect(kept(items, { keepLast: 3 })).toBe('dcb');
});

test.for<RetentionRules>([{ keepLast: 0 }, { keepLast: 0, keepDaily: 0 }, { maxBytes: 0 }, { maxBytes: 99 }])(
  'D57: rules that keep nothing are refused: %o',
  (rules) => {
    expect(() => planRetention(history(hourly(3)), rules, null)).toThrow(/keep no snapshot at all/);
  },
);

test('D57: rules that are all zero are refused before there is a snapshot; others are not', () => {
  expect(() => planRetention([], { keepLast: 0 }, null)).toThrow(/keep no snapshot at all/);
  expect(planRetention([], { keepLast: 1 }, null)).toEqual({ keep: [], remove: [], freedBytes: 0 });
});

test('while an alarm stands all stay, and the plan says why', () => {
  const { keep, remove } = planRetention(history(hourly(3)), { keepLast: 1 }, 'memory was lost');
  expect(remove).toEqual([]);
  expect(keep[2]).toEqual({ id: 'a', reasons: ['an alarm stands: memory was lost'] });
});
