import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addFailure, decide, type GrowthFacts, type WatchRules } from '../../../src/engine/growth/decide.ts';
import {
  followClock,
  type GrowthBaseline,
  type GrowthRecord,
  growthOf,
  recordLook,
} from '../../../src/engine/growth/growth-record.ts';
import { backOffMs } from '../../../src/engine/platform/back-off.ts';

const minute = 60_000;
const scale = Number(process.env['SCALE'] ?? 1);
const rules: WatchRules = { thresholdBytes: 51_200, changeMs: 15 * minute, minPauseMs: minute, schedule: 'off' };
const baseline: GrowthBaseline = { id: 'first', atMs: 0, bytes: 100_000, usedBytes: 90_000 };
const sighting = (bytes: number, usedBytes = bytes, stamp = `${bytes}:${usedBytes}`) => ({ bytes, usedBytes, stamp });

function facts(record: GrowthRecord, changes: Partial<GrowthFacts> = {}): GrowthFacts {
  return {
    nowMs: 0,
    record,
    latest: { bytes: record.lowestBytes, usedBytes: record.lowestUsedBytes },
    baselineAtMs: 0,
    lastAutomaticAtMs: null,
    failed: null,
    rescue: false,
    ...changes,
  };
}

const unchanged = recordLook(undefined, baseline, sighting(100_000, 90_000), false, 0);
const changed = recordLook(unchanged, baseline, sighting(100_001, 90_000), false, minute);

describe('growth', () => {
  test('three times 49 KB fires once over 51,200 bytes, at the second, because the baseline is a good copy', () => {
    let record: GrowthRecord = unchanged;
    let now: GrowthBaseline = baseline;
    const triggers: string[] = [];
    for (const [index, bytes] of [150_176, 200_352, 250_528].entries()) {
      const nowMs = (index + 1) * 5 * minute;
      record = recordLook(record, now, sighting(bytes), false, nowMs);
      const decision = decide(facts(record, { nowMs, latest: { bytes, usedBytes: bytes - 10_000 } }), rules);
      if (decision.kind !== 'snapshot') continue;
      triggers.push(decision.trigger);
      now = { id: `after-${index}`, atMs: nowMs, bytes, usedBytes: bytes - 10_000 };
    }
    expect(triggers).toEqual(['growth']);
  });

  test('a failed attempt leaves the baseline, so the growth goes on counting', () => {
    const record = recordLook(unchanged, baseline, sighting(160_000), false, minute);
    const failed = addFailure(null, 'disk-full', minute);
    const latest = { bytes: 160_000, usedBytes: 160_000 };
    expect(decide(facts(record, { nowMs: minute * 1.5, latest, failed }), rules).kind).toBe('wait');
    expect(decide(facts(record, { nowMs: minute * 2, latest, failed }), rules)).toMatchObject({ trigger: 'growth' });
  });

  test('rows in freed pages count by the used pages, and a VACUUM only lowers what growth is measured from', () => {
    const freed = recordLook(unchanged, baseline, sighting(100_000, 30_000), false, minute);
    expect(growthOf(freed, { bytes: 100_000, usedBytes: 82_000 })).toBe(52_000);
    const vacuumed = recordLook(freed, baseline, sighting(31_000, 30_000), false, 2 * minute);
    expect(growthOf(vacuumed, { bytes: 83_000, usedBytes: 82_000 })).toBe(52_000);
  });

  test('it fires exactly when a measure exceeds its lowest since the baseline, whatever came between', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 0, max: 400_000 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(sizes, (looks) => {
        let record = unchanged;
        for (const [bytes, usedBytes] of looks)
          record = recordLook(record, baseline, sighting(bytes, usedBytes), false, 1);
        const [bytes, usedBytes] = looks.at(-1) ?? [0, 0];
        const lowest = (values: number[]) => Math.min(...values);
        const grown = Math.max(
          bytes - lowest([baseline.bytes, ...looks.map(([value]) => value)]),
          usedBytes - lowest([baseline.usedBytes, ...looks.map(([, value]) => value)]),
        );
        const decision = decide(facts(record, { nowMs: 1, latest: { bytes, usedBytes } }), rules);
        expect(decision.kind === 'snapshot' && decision.trigger === 'growth').toBe(grown > rules.thresholdBytes);
      }),
      { numRuns: 500 * scale },
    );
  });
});

describe('change', () => {
  test('what has not grown is saved fifteen minutes after the last look that saw it unchanged', () => {
    expect(changed.changedSinceMs).toBe(0);
    expect(decide(facts(changed, { nowMs: 15 * minute - 1 }), rules)).toEqual({ kind: 'nothing' });
    expect(decide(facts(changed, { nowMs: 15 * minute }), rules)).toMatchObject({ trigger: 'change' });
  });

  test('an unchanged Brain is never saved, however long nobody looked', () => {
    expect(decide(facts(unchanged, { nowMs: 1e12 }), { ...rules, schedule: '1h' })).toEqual({ kind: 'nothing' });
  });

  test('the first look after a new baseline starts anew, and finds what came while it was taken', () => {
    const next = { ...baseline, id: 'second', atMs: 20 * minute };
    expect(recordLook(changed, next, sighting(100_001), false, 21 * minute).changedSinceMs).toBeNull();
    expect(recordLook(changed, next, sighting(100_001), true, 21 * minute).changedSinceMs).toBe(20 * minute);
  });

  test('C51: a clock that is set back makes nothing younger: what is not saved keeps its age', () => {
    const times = { lookedAtMs: 14 * minute, nextLookAtMs: 15 * minute };
    const moved = followClock({ ...changed, changedSinceMs: 0 }, times, 3 * minute);
    expect(decide(facts(moved, { nowMs: 3 * minute }), rules)).toMatchObject({ trigger: 'change' });
    expect(followClock(changed, times, 14 * minute)).toBe(changed);
  });

  test('without any good snapshot one is taken a minute after the first look, or at once when the Brain grows', () => {
    const none = recordLook(undefined, undefined, sighting(65_536), false, 0);
    const first = (changes: Partial<GrowthFacts>) => decide(facts(none, { baselineAtMs: null, ...changes }), rules);
    expect(first({ nowMs: minute - 1 })).toEqual({ kind: 'nothing' });
    expect(first({ nowMs: minute })).toMatchObject({ trigger: 'change' });
    expect(first({ nowMs: 1, latest: { bytes: 165_536, usedBytes: 165_536 } })).toMatchObject({ trigger: 'growth' });
  });

  test('a Brain that ended abnormally is saved at once, pause or not, but not against the back-off', () => {
    const rescue = { rescue: true, nowMs: 10, lastAutomaticAtMs: 0 };
    expect(decide(facts(unchanged, rescue), rules)).toMatchObject({ trigger: 'change' });
    const failed = addFailure(null, 'brain-locked', 0);
    expect(decide(facts(unchanged, { ...rescue, failed }), rules)).toMatchObject({ kind: 'wait', why: 'back-off' });
  });
});

describe('schedule', () => {
  const at = (text: string) => new Date(`2025-11-22T${text}`).getTime();
  const due = (schedule: WatchRules['schedule'], savedAt: number, nowMs: number) => {
    const record = { ...changed, changedSinceMs: nowMs, unchangedAtMs: nowMs };
    return decide(facts(record, { nowMs, baselineAtMs: savedAt }), { ...rules, schedule });
  };

  test('every so many hours, but only if something changed', () => {
    expect(due('6h', at('03:00:00'), at('08:59:59'))).toEqual({ kind: 'nothing' });
    expect(due('6h', at('03:00:00'), at('09:00:00'))).toMatchObject({ trigger: 'schedule' });
    expect(due('off', at('03:00:00'), at('09:00:00'))).toEqual({ kind: 'nothing' });
  });

  test('at times of the day, caught up once when the time was slept through', () => {
    const times = ['03:00', '15:30'];
    expect(due(times, at('04:00:00'), at('15:29:59'))).toEqual({ kind: 'nothing' });
    expect(due(times, at('04:00:00'), at('15:30:00'))).toMatchObject({ trigger: 'schedule' });
    expect(due(times, at('14:00:00'), at('23:59:00'))).toMatchObject({ trigger: 'schedule' });
    expect(due(times, at('23:00:00'), at('23:59:00'))).toEqual({ kind: 'nothing' });
    expect(due(times, at('02:00:00') - 24 * 60 * minute, at('01:00:00'))).toMatchObject({ trigger: 'schedule' });
  });

  test('C51: a snapshot from a clock that went ten years ahead delays no schedule', () => {
    const ahead = at('03:00:00') + 10 * 365 * 24 * 60 * minute;
    expect(due('6h', ahead, at('03:00:00'))).toMatchObject({ trigger: 'schedule' });
    expect(due(['03:00'], ahead, at('04:00:00'))).toMatchObject({ trigger: 'schedule' });
  });
});

describe('pauses', () => {
  test('attempts that fail for the same cause wait 1, 2, 4 … 30 minutes; another cause begins anew', () => {
    let failed = addFailure(null, 'disk-full', 0);
    const waits = [backOffMs(failed.count)];
    for (let count = 2; count <= 8; count++) {
      failed = addFailure(failed, 'disk-full', 0);
      waits.push(backOffMs(failed.count));
    }
    expect(waits.map((wait) => wait / minute)).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(addFailure(failed, 'brain-locked', 0).count).toBe(1);
  });

  test('G117: a day of failures for one cause makes at most 53 attempts', () => {
    const record = { ...changed, changedSinceMs: 0 };
    let failed: GrowthFacts['failed'] = null;
    let attempts = 0;
    for (let nowMs = 15 * minute; nowMs <= 24 * 60 * minute; nowMs += minute) {
      if (decide(facts(record, { nowMs, failed }), rules).kind !== 'snapshot') continue;
      attempts += 1;
      failed = addFailure(failed, 'disk-full', nowMs);
    }
    expect(attempts).toBeGreaterThan(40);
    expect(attempts).toBeLessThanOrEqual(53);
  });

  test('two automatic snapshots keep their smallest pause', () => {
    const latest = { bytes: 300_000, usedBytes: 300_000 };
    const pause = decide(facts(unchanged, { nowMs: 30_000, latest, lastAutomaticAtMs: 0 }), rules);
    expect(pause).toEqual({ kind: 'wait', why: 'pause', untilMs: minute });
    expect(decide(facts(unchanged, { nowMs: minute, latest, lastAutomaticAtMs: 0 }), rules).kind).toBe('snapshot');
  });

  test('C51: whatever the clock does, a changed Brain waits no longer than its change, back-off and pause ask for', () => {
    const time = fc.integer({ min: -5e11, max: 5e11 });
    fc.assert(
      fc.property(time, time, time, fc.integer({ min: 1, max: 40 }), (nowMs, failedAtMs, automaticAtMs, count) => {
        const record = { ...changed, changedSinceMs: nowMs };
        const failed = { cause: 'io', count, atMs: failedAtMs };
        const laterMs = nowMs + 31 * minute;
        const later = facts(record, { nowMs: laterMs, failed, lastAutomaticAtMs: automaticAtMs });
        const decision = decide(later, rules);
        if (decision.kind !== 'snapshot') {
          expect(decision.kind).toBe('wait');
          expect(Math.max(failedAtMs, automaticAtMs)).toBeGreaterThan(nowMs);
        }
      }),
      { numRuns: 500 * scale },
    );
  });
});
