import { describe, expect, test } from 'vitest';
import { type CheckedSnapshot, planCheck } from '../../../src/engine/growth/plan-check.ts';

const day = 86_400_000;
const rules = { verifyMs: 30 * day, drillMs: 7 * day };
const now = 1000 * day;

/** A snapshot that was made (and so verified) so many days ago. */
const made = (id: string, daysAgo: number, given: Partial<CheckedSnapshot> = {}): CheckedSnapshot => ({
  id,
  verified: { atMs: now - daysAgo * day, ok: true },
  drilled: null,
  isDoubtful: false,
  canDrill: true,
  ...given,
});
const drilled = (daysAgo: number, ok = true) => ({ drilled: { atMs: now - daysAgo * day, ok } });

describe('planCheck', () => {
  test('the first drill comes a day after the first snapshot, the next ones each week, always of the latest', () => {
    expect(planCheck([made('b', 0.1), made('a', 0.9)], rules, now)).toBeNull();
    expect(planCheck([made('b', 0.1), made('a', 1)], rules, now)).toEqual({ kind: 'drill', id: 'b' });
    expect(planCheck([made('b', 1), made('a', 8, drilled(6.9))], rules, now)).toBeNull();
    expect(planCheck([made('b', 1), made('a', 8, drilled(7))], rules, now)).toEqual({ kind: 'drill', id: 'b' });
    expect(planCheck([], rules, now)).toBeNull();
  });

  test('after a failed drill that snapshot is verified, then the next one is tried, or the same a day later', () => {
    const doubtful = made('a', 8, { ...drilled(0, false), isDoubtful: true });
    expect(planCheck([made('b', 1), doubtful], rules, now)).toEqual({ kind: 'verify', id: 'a' });
    expect(planCheck([made('b', 1), made('a', 0, drilled(0, false))], rules, now)).toEqual({ kind: 'drill', id: 'b' });
    expect(planCheck([made('a', 0, drilled(0.5, false))], rules, now)).toBeNull();
    expect(planCheck([made('a', 0, drilled(1, false))], rules, now)).toEqual({ kind: 'drill', id: 'a' });
  });

  test('what was read back longest ago is first, and a damaged one is read again each day', () => {
    const recent = drilled(1);
    const snapshots = [made('d', 1, recent), made('c', 31), made('b', 40), made('a', 29)];
    expect(planCheck(snapshots, rules, now)).toEqual({ kind: 'verify', id: 'b' });
    const damaged = made('a', 0, { verified: { atMs: now - day, ok: false }, canDrill: false });
    expect(planCheck([made('d', 1, recent), damaged], rules, now)).toEqual({ kind: 'verify', id: 'a' });
  });

  test('C51: checks of a wrong clock, far ahead, are not waited for', () => {
    expect(planCheck([made('b', 1, drilled(-3650))], rules, now)).toEqual({ kind: 'drill', id: 'b' });
    expect(planCheck([made('b', 1, drilled(1)), made('a', -3650)], rules, now)).toEqual({ kind: 'verify', id: 'a' });
    expect(planCheck([made('b', 1, drilled(-1)), made('a', -2)], rules, now)).toBeNull();
  });

  test('0 days turn each of them off', () => {
    const old = [made('a', 400)];
    expect(planCheck(old, { verifyMs: 0, drillMs: 0 }, now)).toBeNull();
    expect(planCheck(old, { verifyMs: day, drillMs: 0 }, now)?.kind).toBe('verify');
  });
});
