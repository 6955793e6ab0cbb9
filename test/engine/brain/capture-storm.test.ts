import { closeSync, linkSync, lstatSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openForReading } from '../../../src/engine/platform/open-file.ts';
import { brainTotal, createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import {
  capture,
  commitInEachTurn,
  integrityOf,
  meetSteps,
  openWriter,
  query,
  rejection,
  startTestWriter,
  sumOfBoth,
  watchCommits,
} from './capture-helpers.ts';

const rounds = 3 * Number(process.env['SCALE'] ?? 1);

function brainFolder(options: Parameters<typeof createBrain>[1]): { readonly folder: string; readonly file: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'brain.db');
  createBrain(file, options);
  return { folder, file };
}

describe('captureDatabase beside a writer', () => {
  test('A1: WAL, a program that commits a thousand times amid one copy costs no restart, and no write', async () => {
    const { folder, file } = brainFolder({ journalMode: 'wal', bytes: 60_000_000 });
    const writer = await startTestWriter({ file, journalMode: 'wal', task: 'transfer' });
    const before = await writer.report();
    const untilCommitted = watchCommits(file);
    const onProgress = ({ done }: { readonly done: number }): void => {
      if (done > 0) untilCommitted(1000);
    };
    const captured = await capture(folder, { onProgress });
    const after = await writer.report();
    expect(after.commits - before.commits).toBeGreaterThanOrEqual(1000);
    expect(after.busyErrors).toBe(0);
    expect(captured.restarts).toBe(0);
    expect(sumOfBoth(join(folder, 'copy.db'))).toBe(brainTotal);
  });

  test('A1: WAL, commits at each step: no restart, no BUSY, and the writer never waits', async () => {
    const { folder, file } = brainFolder({ journalMode: 'wal', bytes: 60_000_000 });
    const writer = openWriter(file);
    for (let round = 0; round < rounds; round += 1) {
      const target = join(folder, `copy-${round}.db`);
      const committed: boolean[] = [];
      const captured = await capture(folder, { target, onProgress: () => void committed.push(writer.transfer()) });
      expect(captured.restarts).toBe(0);
      expect(committed.length).toBeGreaterThan(5);
      expect(committed).not.toContain(false);
      expect(sumOfBoth(target)).toBe(brainTotal);
    }
  });

  test('A2: rollback journal: it finishes, and the writer waits no longer than the hold that is reported', async () => {
    const { folder, file } = brainFolder({ journalMode: 'delete', bytes: 40_000_000 });
    const writer = await startTestWriter({ file, journalMode: 'delete', task: 'transfer' });
    const before = await writer.report(true);
    const captured = await capture(folder, { holdPolicy: { maxHoldMs: 5000 } });
    const after = await writer.report();
    expect(captured.restarts).toBe(0);
    expect(captured.lockHeldMs).toBeGreaterThan(1);
    expect(after.commits).toBeGreaterThan(before.commits);
    expect(after.busyErrors).toBe(0);
    expect(after.longestMs).toBeLessThan(captured.lockHeldMs + 3000);
    expect(sumOfBoth(join(folder, 'copy.db'))).toBe(brainTotal);
  });

  test.each(['wal', 'delete'] as const)(
    'A5: %s: a large open transaction is not in the copy, and is not waited for',
    async (journalMode) => {
      const { folder, file } = brainFolder({ journalMode, bytes: 1_000_000 });
      await startTestWriter({ file, journalMode, task: 'open-transaction' });
      if (journalMode === 'delete') {
        // Its changes are in the file already, under an exclusive lock: the committed state can't be read meanwhile.
        expect((await rejection(capture(folder, { lockWaitMs: 200 }))).code).toBe('brain-locked');
        return;
      }
      expect(statSync(`${file}-wal`).size).toBeGreaterThan(4096);
      await capture(folder);
      expect(sumOfBoth(join(folder, 'copy.db'))).toBe(brainTotal);
      expect(query(join(folder, 'copy.db'), "SELECT count(*) FROM events WHERE json LIKE '%never committed'")).toBe(0);
    },
  );

  test('A6: a WAL that grows too much behind the copy ends it, and lets the writer go on', async () => {
    const { folder, file } = brainFolder({ journalMode: 'wal', bytes: 20_000_000 });
    const writer = openWriter(file);
    writer.insert();
    const maxWalBytes = 50_000;
    const walBytes = (): number => statSync(`${file}-wal`).size;
    const before = walBytes();
    const onProgress = (): void => {
      while (walBytes() - before <= maxWalBytes) expect(writer.insert()).toBe(true);
    };
    const error = await rejection(capture(folder, { maxWalBytes, onProgress }));
    expect(error.code).toBe('capture-timeout');
    expect(error.message).toContain('write-ahead log');
    expect(writer.insert()).toBe(true);
    expect(lstatSync(join(folder, 'copy.db'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('A6: so does a deadline', async () => {
    const { folder } = brainFolder({ journalMode: 'wal', bytes: 20_000_000 });
    let elapsed = 0;
    const now = (): number => elapsed;
    const onProgress = (): void => {
      elapsed += 1000;
    };
    const error = await rejection(capture(folder, { deadlineMs: 1500, now, onProgress }));
    expect(error).toMatchObject({ code: 'capture-timeout' });
    expect(elapsed).toBe(2000);
  });

  test.each(['wal', 'delete'] as const)(
    'A15: %s: this process reads other files meanwhile, and the copy is of one moment',
    async (journalMode) => {
      const { folder, file } = brainFolder({ journalMode, bytes: 30_000_000 });
      linkSync(file, join(folder, 'second-name.db'));
      writeFileSync(join(folder, 'other.txt'), 'other');
      const writer = await startTestWriter({ file, journalMode, task: 'transfer' });
      let refused = 0;
      const readOthers = (): void => {
        const other = join(folder, 'other.txt');
        closeSync(openForReading(other, lstatSync(other, { bigint: true })).fd);
        for (const name of ['brain.db', 'second-name.db']) {
          const path = join(folder, name);
          expect(() => openForReading(path, lstatSync(path, { bigint: true }))).toThrow('open as a database');
          refused += 1;
        }
      };
      for (let round = 0; round < rounds; round += 1) {
        const before = await writer.report();
        const target = join(folder, `copy-${round}.db`);
        await capture(folder, { target, onProgress: readOthers, holdPolicy: { maxHoldMs: 10_000 } });
        expect(sumOfBoth(target)).toBe(brainTotal);
        expect((await writer.report()).commits).toBeGreaterThan(before.commits);
      }
      expect(refused).toBeGreaterThan(rounds);
    },
  );

  test.each(['wal', 'delete'] as const)(
    'A20: %s: a schema that changes meanwhile is copied as it was or as it is',
    async (journalMode) => {
      const { folder, file } = brainFolder({ journalMode, bytes: 3_000_000 });
      const writer = await startTestWriter({ file, journalMode, task: 'schema', ratePerSecond: 100 });
      for (let round = 0; round < rounds * 3; round += 1) {
        const target = join(folder, `copy-${round}.db`);
        await capture(folder, { target, holdPolicy: { maxHoldMs: 10_000 } });
        expect(integrityOf(target)).toBe('ok');
        expect(sumOfBoth(target)).toBe(brainTotal);
      }
      expect((await writer.report()).commits).toBeGreaterThan(5);
    },
  );
});

/** A speed that predicts a hold of a minute for the databases below. */
const expectedBytesPerMs = 400;
const holdPolicy = { quietMs: 150, maxWaitMs: 500, budgetMs: 2000, stallMs: 1000 };

describe('captureDatabase and a long hold', () => {
  test('A2: a busy Brain is never held: it gives up within its budget, and the writer does not notice', async () => {
    const { folder, file } = brainFolder({ journalMode: 'delete', bytes: 25_000_000 });
    const writer = commitInEachTurn(file);
    // Each step takes this much longer, so that time passes by steps, however fast the machine is.
    const stepMs = 100;
    let steps = 0;
    const now = (): number => performance.now() + steps * stepMs;
    const onProgress = (): void => {
      steps += 1;
    };
    const error = await rejection(capture(folder, { expectedBytesPerMs, holdPolicy, now, onProgress }));
    expect(error.code).toBe('brain-hold-too-long');
    expect(steps * stepMs).toBeLessThanOrEqual(holdPolicy.budgetMs + stepMs);
    expect(writer.commits).toBeGreaterThan(steps);
    expect(writer.refused).toBe(0);
    expect(lstatSync(join(folder, 'copy.db'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('A2: a quiet one is copied in unpinned steps, and held for the last of them only', async () => {
    const { folder, file } = brainFolder({ journalMode: 'delete', bytes: 25_000_000 });
    const steps = meetSteps(file);
    const { onProgress } = steps;
    const captured = await capture(folder, { expectedBytesPerMs, holdPolicy: { quietMs: 150 }, onProgress });
    expect(steps.free.length).toBeGreaterThan(5);
    expect(steps.free).not.toContain(false);
    expect(steps.leftBytes).toBeLessThan(5_000_000);
    expect(captured.lockHeldMs).toBeGreaterThan(0);
    expect(captured.restarts).toBe(0);
    expect(captured.tables).toContainEqual({ name: 'events', maxRowid: 50 });
    expect(sumOfBoth(join(folder, 'copy.db'))).toBe(brainTotal);
  });

  test('A2: between few commits, unpinned steps begin again and still copy one moment', async () => {
    const { folder, file } = brainFolder({ journalMode: 'delete', bytes: 25_000_000 });
    for (let round = 0; round < rounds; round += 1) {
      const target = join(folder, `copy-${round}.db`);
      // The second comes when only the step that would be held is left.
      const steps = meetSteps(file, [0.3, 0.9]);
      const { onProgress } = steps;
      const captured = await capture(folder, { target, expectedBytesPerMs, holdPolicy: { quietMs: 150 }, onProgress });
      expect(captured.restarts).toBe(2);
      expect(steps.free).not.toContain(false);
      expect(sumOfBoth(target)).toBe(brainTotal);
      expect(integrityOf(target)).toBe('ok');
    }
  });

  test('a manual snapshot asks, with the predicted time, and holds when that is confirmed', async () => {
    const { folder, file } = brainFolder({ journalMode: 'delete', bytes: 25_000_000 });
    const writer = commitInEachTurn(file);
    const asked: number[] = [];
    const confirmHold =
      (answer: boolean) =>
      async (predictedMs: number): Promise<boolean> => {
        asked.push(predictedMs);
        return answer;
      };
    const options = { automatic: false, expectedBytesPerMs, holdPolicy };
    const error = await rejection(capture(folder, { ...options, confirmHold: confirmHold(false) }));
    expect(error.code).toBe('brain-hold-too-long');
    expect(writer.refused).toBe(0);
    const captured = await capture(folder, { ...options, confirmHold: confirmHold(true) });
    expect(captured.restarts).toBe(0);
    expect(writer.refused).toBeGreaterThan(0);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBeGreaterThan(60_000);
  });

  test('an automatic hold that lasts much longer than predicted is ended', async () => {
    const { folder, file } = brainFolder({ journalMode: 'delete', bytes: 25_000_000 });
    const writer = commitInEachTurn(file);
    const { free, onProgress } = meetSteps(file);
    const optimistic = { expectedBytesPerMs: 1e12, holdPolicy: { ...holdPolicy, maxHoldMs: 1 }, onProgress };
    expect((await rejection(capture(folder, optimistic))).code).toBe('brain-hold-too-long');
    expect(writer.refused, 'it was held').toBeGreaterThan(0);
    expect(free.at(-1), 'it was let go').toBe(true);
  });
});
