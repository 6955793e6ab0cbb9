import { expect, test } from 'vitest';
import { thinSamples } from '../../../src/engine/operations/growth.ts';
import { createSmallCodex } from '../../helpers/small-codex.ts';

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
