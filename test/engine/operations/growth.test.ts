import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from '../../../src/engine/index.ts';
import { thinSamples } from '../../../src/engine/operations/growth.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { createSmallCodex } from '../../helpers/small-codex.ts';

const minuteMs = 60_000;

test('thins a hundred thousand looks to a thousand, and keeps the first, the last and the greatest', () => {
  const samples = Array.from({ length: 100_000 }, (_, index) => ({
    at: new Date(index * 60_000).toISOString(),
    bytes: index === 54_321 ? 9_999_999 : index,
    usedBytes: index,
    rows: index,
  }));
  const times = samples.map(({ at }) => Date.parse(at));
  const kept = thinSamples(samples, times, 1000);
  expect(kept.length).toBeLessThanOrEqual(1001);
  expect(kept.length).toBeGreaterThan(500);
  expect(kept.at(-1)).toBe(samples.at(-1));
  expect(kept).toContain(samples[54_321]);
});

test('marks the snapshots of a Brain that nobody has watched', async () => {
  const { engine } = createSmallCodex();
  const { id, brain } = await engine.run({ trigger: 'manual' });
  const growth = await engine.growth('all');
  expect(growth.atMs).toEqual([]);
  expect(growth.baselineBytes).toBe(brain?.bytes);
  expect(growth.markers).toEqual([expect.objectContaining({ id, trigger: 'manual', status: 'verified' })]);
});

test('begins with the first that is known where that is younger than the time asked for', async () => {
  const { root, home } = createSmallCodex();
  const time = { nowMs: Date.parse('2025-11-22T12:00:00.000Z') };
  const engine = createEngine({ root, home, env: {}, clock: { now: () => time.nowMs }, logger: silentLogger });
  onTestFinished(() => engine.close());
  const firstMs = time.nowMs;
  await engine.run({ trigger: 'manual' });
  time.nowMs += minuteMs;
  expect((await engine.growth('week')).fromMs).toBe(time.nowMs - 2 * minuteMs);
  time.nowMs += 60 * minuteMs;
  for (const range of ['day', 'week', 'all'] as const) expect((await engine.growth(range)).fromMs).toBe(firstMs);
  time.nowMs += 2 * 1440 * minuteMs;
  expect((await engine.growth('day')).fromMs).toBe(time.nowMs - 1440 * minuteMs);
  expect((await engine.growth('week')).fromMs).toBe(firstMs);
});
