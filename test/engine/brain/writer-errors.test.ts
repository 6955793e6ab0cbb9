import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brainTotal, createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { capture, integrityOf, rejection, startTestWriter, sumOfBoth } from './capture-helpers.ts';

const isFull = Number(process.env['SCALE'] ?? 1) >= 10;
/** The full size at SCALE=10; a smaller one is predicted to be held as long. */
const bytes = isFull ? 400_000_000 : 30_000_000;
const slow = isFull ? {} : { expectedBytesPerMs: bytes / 1300 };

/** A Brain in rollback-journal mode, and a writer with the busy timeout of the real one. */
async function stage(task: 'insert' | 'transfer', ratePerSecond: number) {
  const folder = temporaryFolder();
  const file = join(folder, 'brain.db');
  createBrain(file, { journalMode: 'delete', bytes });
  const writer = await startTestWriter({ file, journalMode: 'delete', task, ratePerSecond, busyTimeoutMs: 1000 });
  await writer.report(true);
  return { folder, writer };
}

test('A2: an automatic snapshot of a large Brain that is always written to gives up, and costs not one write', async () => {
  const { folder, writer } = await stage('insert', 100);
  const holdPolicy = { maxWaitMs: 1000, budgetMs: 3000, stallMs: 2000 };
  expect((await rejection(capture(folder, { ...slow, holdPolicy }))).code).toBe('brain-hold-too-long');
  const { commits, busyErrors } = await writer.report();
  expect(commits).toBeGreaterThan(50);
  // Each wait that is longer than its busy timeout would have been an error.
  expect(busyErrors).toBe(0);
});

test('A2: one that is written to now and then is copied whole between the writes, and costs not one', async () => {
  const { folder, writer } = await stage('transfer', 0.5);
  const target = join(folder, 'whole.db');
  const { lockHeldMs } = await capture(folder, { ...slow, target, holdPolicy: { quietMs: 200 } });
  expect(integrityOf(target)).toBe('ok');
  expect(sumOfBoth(target)).toBe(brainTotal);
  expect(lockHeldMs).toBeLessThan(500);
  const { busyErrors } = await writer.report();
  // Each wait that is longer than its busy timeout would have been an error.
  expect(busyErrors).toBe(0);
});

test('A2: a disk that is slower than it was predicted to be is not waited for, and costs not one write', async () => {
  const { folder, writer } = await stage('insert', 100);
  let slowed = 0;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  // Each step takes longer, as on a busy disk, while the lock is held.
  const onProgress = (): void => {
    slowed += 1;
    Atomics.wait(cell, 0, 0, 100);
  };
  const holdPolicy = { maxWaitMs: 300, budgetMs: 600, stallMs: 500 };
  const error = await rejection(capture(folder, { expectedBytesPerMs: 1e12, holdPolicy, onProgress }));
  expect(error.code).toBe('brain-hold-too-long');
  expect(slowed).toBeGreaterThanOrEqual(5);
  const { commits, busyErrors, longestMs } = await writer.report();
  expect(commits).toBeGreaterThan(10);
  expect(busyErrors).toBe(0);
  expect(longestMs).toBeGreaterThan(300);
});
