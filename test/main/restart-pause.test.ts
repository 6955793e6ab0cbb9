import { expect, test } from 'vitest';
import { planRestart, type RestartRecord } from '../../src/main/restart-pause.ts';

test('an engine that fails again and again is started ever more slowly, up to once a minute', () => {
  const pauses: number[] = [];
  let record: RestartRecord = { failures: 0 };
  for (let round = 0; round < 10; round += 1) {
    const plan = planRestart(record, 100);
    record = plan.record;
    pauses.push(plan.pauseMs);
  }
  expect(pauses).toEqual([500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 60_000, 60_000, 60_000]);
});

test('one that has run for long begins anew', () => {
  expect(planRestart({ failures: 6 }, 10 * 60_000)).toEqual({ pauseMs: 500, record: { failures: 1 } });
});
