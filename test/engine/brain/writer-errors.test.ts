import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brainTotal, createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { capture, commitInEachTurn, integrityOf, meetSteps, rejection, sumOfBoth } from './capture-helpers.ts';

const isFull = Number(process.env['SCALE'] ?? 1) >= 10;
/** The full size at SCALE=10; a smaller one is predicted to be held as long. */
const bytes = isFull ? 400_000_000 : 30_000_000;
const slow = isFull ? {} : { expectedBytesPerMs: bytes / 1300 };
/** How long a service of Codex waits for a lock before a write fails. */
const busyTimeoutMs = 1000;

/** A Brain in rollback-journal mode. */
function stage() {
  const folder = temporaryFolder();
  const file = join(folder, 'brain.db');
  createBrain(file, { journalMode: 'delete', bytes });
  return { folder, file };
}

test('A2: an automatic snapshot of a large Brain that is always written to gives up, and costs not one write', async () => {
  const { folder, file } = stage();
  const writer = commitInEachTurn(file);
  const holdPolicy = { maxWaitMs: 1000, budgetMs: 3000, stallMs: 2000 };
  expect((await rejection(capture(folder, { ...slow, holdPolicy }))).code).toBe('brain-hold-too-long');
  expect(writer.commits).toBeGreaterThan(10);
  expect(writer.refused).toBe(0);
});

test('A2: one that is written to now and then is copied whole between the writes, and costs not one', async () => {
  const { folder, file } = stage();
  const target = join(folder, 'whole.db');
  const steps = meetSteps(file, [0.5]);
  const { onProgress } = steps;
  const { restarts } = await capture(folder, { ...slow, target, holdPolicy: { quietMs: 200 }, onProgress });
  expect(restarts).toBe(1);
  expect(integrityOf(target)).toBe('ok');
  expect(sumOfBoth(target)).toBe(brainTotal);
  // Neither the write nor any step but the last met a lock.
  expect(steps.free).not.toContain(false);
  expect(steps.leftBytes).toBeLessThan(5_000_000);
});

test('A2: a disk that is slower than it was predicted to be is not waited for, and costs not one write', async () => {
  const { folder, file } = stage();
  const steps = meetSteps(file);
  // By a clock that moves with each step, as on a busy disk, while the lock is held.
  const stepMs = 200;
  const now = (): number => steps.free.length * stepMs;
  const holdPolicy = { maxWaitMs: 0, budgetMs: 600, stallMs: 500 };
  const { onProgress } = steps;
  const error = await rejection(capture(folder, { expectedBytesPerMs: 1e12, holdPolicy, now, onProgress }));
  expect(error.code).toBe('brain-hold-too-long');
  const heldMs = steps.free.indexOf(true) * stepMs;
  expect(heldMs).toBeGreaterThan(500);
  expect(heldMs).toBeLessThan(busyTimeoutMs);
  expect(steps.free.slice(steps.free.indexOf(true))).not.toContain(false);
});

test('A2: a disk that is slow to flush is found out before the last page, and the Brain copied without being held', async () => {
  const { folder, file } = stage();
  const steps = meetSteps(file);
  // By a clock that moves when it is asked, and by a second while that is flushed which is there when one page is left.
  let atMs = 0;
  const now = (): number => {
    atMs += 1;
    return atMs;
  };
  const onProgress: typeof steps.onProgress = (event) => {
    steps.onProgress(event);
    if (steps.leftBytes === 4096) atMs += busyTimeoutMs;
  };
  const holdPolicy = { quietMs: 3 };
  await capture(folder, { expectedBytesPerMs: 1e12, holdPolicy, now, onProgress });
  const letGo = steps.free.indexOf(true);
  expect(letGo, 'it was held at first').toBeGreaterThan(3);
  expect(steps.free.slice(letGo)).not.toContain(false);
  expect(sumOfBoth(join(folder, 'copy.db'))).toBe(brainTotal);
});
