import { describe, expect, test } from 'vitest';
import { emptyRecord } from '../../../src/engine/copies/copy-state.ts';
import { chooseSample, planCopyCheck, type StoredFile } from '../../../src/engine/copies/plan-copy-check.ts';

const day = 86_400_000;
const nowMs = Date.parse('2026-11-22T12:00:00.000Z');
const rules = { verifyDays: 28, drillDays: 30 };

const check = (daysAgo: { since?: number; sampled?: number; drilled?: number }, drillOk = true) =>
  planCopyCheck(
    {
      ...emptyRecord('/disk'),
      sinceMs: daysAgo.since === undefined ? null : nowMs - daysAgo.since * day,
      sampledAtMs: daysAgo.sampled === undefined ? null : nowMs - daysAgo.sampled * day,
      drill: daysAgo.drilled === undefined ? null : { atMs: nowMs - daysAgo.drilled * day, ok: drillOk, id: 's' },
    },
    rules,
    nowMs,
  );

describe('a check of a copy', () => {
  test('is a drill a day after the first run, and then each month', () => {
    expect(check({ since: 0.5 })).toBeNull();
    expect(check({ since: 1 })).toBe('drill');
    expect(check({ since: 40, drilled: 29, sampled: 1 })).toBeNull();
    expect(check({ since: 40, drilled: 30, sampled: 1 })).toBe('drill');
  });

  test('is repeated daily after a drill that failed', () => {
    expect(check({ since: 40, drilled: 1, sampled: 1 }, false)).toBe('drill');
  });

  test('reads a part each week', () => {
    expect(check({ since: 40, drilled: 2, sampled: 6.9 })).toBeNull();
    expect(check({ since: 40, drilled: 2, sampled: 7 })).toBe('verify');
  });

  test('is never due with 0 days, nor before the copy was ever in step', () => {
    const record = { ...emptyRecord('/disk'), sinceMs: nowMs - 400 * day };
    expect(planCopyCheck(record, { verifyDays: 0, drillDays: 0 }, nowMs)).toBeNull();
    expect(check({})).toBeNull();
  });
});

test('four samples read all bytes, those that were read longest ago first, and equal ones once', () => {
  const files = Array.from(
    { length: 30 },
    (_, index): StoredFile => ({
      id: `s${index}`,
      file: 'codex-brain.db',
      bytes: 1000 + index,
      sha256: `${String(index % 20).padStart(16, '0')}`,
    }),
  );
  let verified: Record<string, { atMs: number; ok: boolean }> = {};
  for (const week of [1, 2, 3, 4]) {
    const sample = chooseSample(files, verified, 28);
    expect(sample.length).toBeLessThanOrEqual(6);
    verified = { ...verified, ...Object.fromEntries(sample.map(({ sha256 }) => [sha256, { atMs: week, ok: true }])) };
  }
  expect(Object.keys(verified)).toHaveLength(20);
});
