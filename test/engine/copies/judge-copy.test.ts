import { describe, expect, test } from 'vitest';
import { type CopyRecord, emptyRecord } from '../../../src/engine/copies/copy-state.ts';
import { type CopyFactsNow, isCopyDue, judgeCopy } from '../../../src/engine/copies/judge-copy.ts';

const nowMs = Date.parse('2026-11-22T12:00:00.000Z');
const minute = 60_000;
const day = 1440 * minute;

const record = (changes: Partial<CopyRecord> = {}): CopyRecord => ({
  ...emptyRecord('/disk'),
  copyId: 'one',
  attempt: { atMs: nowMs - minute, error: null, failures: 0 },
  inStepAtMs: nowMs - minute,
  seen: ['a', 'b'],
  ...changes,
});

const failed = (code: string, failures: number, ageMs: number): Partial<CopyRecord> => ({
  attempt: { atMs: nowMs - ageMs, error: { code, message: 'it failed', hint: '' }, failures },
});

const facts = (changes: Partial<CopyFactsNow> = {}): CopyFactsNow => ({
  record: record(),
  ids: ['a', 'b'],
  isThere: true,
  schedule: 'afterEach',
  ...changes,
});

describe('the state of a copy', () => {
  test.for<[string, Partial<CopyFactsNow>]>([
    ['in step', {}],
    ['in step', { ids: ['a'] }],
    ['behind', { ids: ['a', 'b', 'c'] }],
    ['not there', { isThere: false }],
    ['not there', { isThere: null, record: record(failed('copy-absent', 1, minute)) }],
    ['behind', { isThere: true, record: record(failed('copy-absent', 1, minute)) }],
    ['failing', { isThere: null, record: record(failed('copy-login', 1, minute)) }],
    ['failing', { record: record({ verified: { abc: { atMs: nowMs, ok: false } } }) }],
  ])('is "%s" with %j', ([state, changes]) => {
    expect(judgeCopy(facts(changes))).toBe(state);
  });
});

describe('a copy is due', () => {
  const isDue = (changes: Partial<CopyFactsNow>, atMs = nowMs) => isCopyDue(facts(changes), atMs);
  const ids = ['a', 'b', 'c'];

  test('when there is a new snapshot, and not before', () => {
    expect(isDue({ ids })).toBe(true);
    expect(isDue({})).toBe(false);
  });

  test('a day after it was last in step, where it is daily', () => {
    const daily = { schedule: 'daily', ids } as const;
    expect(isDue({ ...daily, record: record({ inStepAtMs: nowMs - day + minute }) })).toBe(false);
    expect(isDue({ ...daily, record: record({ inStepAtMs: nowMs - day }) })).toBe(true);
  });

  test('at once when its disk is connected again, and never while it is not', () => {
    const away = record(failed('copy-absent', 9, minute));
    expect(isDue({ ids, record: away, isThere: true })).toBe(true);
    expect(isDue({ ids, record: away, isThere: false })).toBe(false);
  });

  test('1, 2, 4 … 30 minutes after a failure', () => {
    for (const [failures, waitMs] of [
      [1, minute],
      [3, 4 * minute],
      [20, 30 * minute],
    ] as const) {
      const wait = (ageMs: number) =>
        isDue({ ids, isThere: null, record: record(failed('copy-login', failures, ageMs)) });
      expect(wait(waitMs - 1)).toBe(false);
      expect(wait(waitMs)).toBe(true);
    }
  });

  test('after a failure that lies ahead, because the clock was set back', () => {
    expect(isDue({ ids, isThere: null, record: record(failed('copy-login', 5, -day)) })).toBe(true);
  });

  test('never before the user has set it up', () => {
    expect(isDue({ ids, record: record({ copyId: null }) })).toBe(false);
  });
});
