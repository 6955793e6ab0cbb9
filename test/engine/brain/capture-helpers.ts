import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type Capture, type CaptureOptions, captureDatabase } from '../../../src/engine/brain/capture.ts';
import { isBusy } from '../../../src/engine/brain/database-errors.ts';
import type { AppError } from '../../../src/shared/app-error.ts';
import type { OnProgress } from '../../../src/shared/progress.ts';
import { startWriter, type Writer, type WriterOptions } from '../../helpers/writer-process.ts';

/** Captures `folder/brain.db` to `folder/copy.db` with the options of an automatic snapshot. */
export function capture(folder: string, options: Partial<CaptureOptions> = {}): Promise<Capture> {
  return captureDatabase({
    source: join(folder, 'brain.db'),
    target: join(folder, 'copy.db'),
    automatic: true,
    deadlineMs: 60_000,
    maxWalBytes: 1_000_000_000,
    signal: new AbortController().signal,
    ...options,
  });
}

/** The code of the AppError that a promise rejects with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => new Error('it resolved'),
    (reason: unknown) => reason,
  );
  if (error instanceof Error && error.name === 'AppError') return error as AppError;
  throw error;
}

/** A writer that is killed with the test, however that ends. */
export async function startTestWriter(options: WriterOptions): Promise<Writer> {
  const writer = await startWriter(options);
  onTestFinished(() => writer.kill());
  return writer;
}

/**
 * A connection of this process that writes in moments which a test chooses, whatever else the machine does. It never
 * waits: each answer is whether it could be done at once.
 */
export function openWriter(file: string) {
  const db = new Database(file, { timeout: 0 });
  onTestFinished(() => void db.close());
  db.pragma('synchronous = OFF');
  const insert = db.prepare("INSERT INTO events (kind, json) VALUES ('TurnAppended', '{}')");
  const take = db.prepare('UPDATE purse SET amount = amount - 7');
  const give = db.prepare('UPDATE chest SET amount = amount + 7');
  const transfer = db.transaction(() => void [take.run(), give.run()]);
  const atOnce = (work: () => unknown): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  };
  return {
    insert: () => atOnce(() => insert.run()),
    transfer: () => atOnce(transfer),
    /** Whether nobody holds any lock; it writes nothing. */
    isFree: () => atOnce(() => db.exec('BEGIN EXCLUSIVE; ROLLBACK')),
  };
}

/** Stands still until other programs have committed so many times since; counts the commits that it can tell apart. */
export function watchCommits(file: string): (commits: number) => void {
  const db = new Database(file, { readonly: true });
  onTestFinished(() => void db.close());
  const version = (): unknown => db.pragma('data_version', { simple: true });
  let seen = version();
  let counted = 0;
  return (commits) => {
    while (counted < commits) {
      const now = version();
      if (now !== seen) counted += 1;
      seen = now;
    }
  };
}

/** Commits between any two steps of whatever else this process does; what a lock refuses is counted. */
export function commitInEachTurn(file: string): { readonly commits: number; readonly refused: number } {
  const writer = openWriter(file);
  const done = { commits: 0, refused: 0 };
  let turn = setImmediate(function commit() {
    if (writer.insert()) done.commits += 1;
    else done.refused += 1;
    turn = setImmediate(commit);
  });
  onTestFinished(() => clearImmediate(turn));
  return done;
}

/** What another program meets between the steps of a copy. */
interface MetSteps {
  readonly onProgress: OnProgress;
  /** Whether it could write at once. */
  readonly free: readonly boolean[];
  /** What was to be copied still when the last step began. */
  readonly leftBytes: number;
}

/** Tries the lock between any two steps, and commits once after each of these parts of the copy. */
export function meetSteps(file: string, commitAfter: readonly number[] = []): MetSteps {
  const writer = openWriter(file);
  const parts = [...commitAfter];
  const free: boolean[] = [];
  const met = { free, leftBytes: 0, onProgress };
  function onProgress({ done, total = 0 }: Parameters<OnProgress>[0]): void {
    free.push(writer.isFree());
    met.leftBytes = total - done;
    if (done < total * (parts[0] ?? Number.POSITIVE_INFINITY)) return;
    parts.shift();
    free.push(writer.transfer());
  }
  return met;
}

/** Runs one query on a file, through a connection of its own. */
export function query(file: string, sql: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
}

/** What the two tables of the invariant sum up to: `brainTotal` in every moment. */
export const sumOfBoth = (file: string): unknown =>
  query(file, 'SELECT (SELECT sum(amount) FROM purse) + (SELECT sum(amount) FROM chest)');

export const integrityOf = (file: string): unknown => query(file, 'PRAGMA integrity_check');
