import { expect, test } from 'vitest';
import { runSoak } from './run-soak.ts';

const seconds = Number(process.env['SOAK_SECONDS'] ?? 60);

test(
  'a soak: 100 events a second, snapshots by growth, restores compared, pruning; nothing leaks and nothing fails',
  async () => {
    const figures = await runSoak({ seconds });
    expect(figures.problems).toEqual([]);
    expect(figures.writerErrors).toBe(0);
  },
  (seconds + 120) * 1000,
);
