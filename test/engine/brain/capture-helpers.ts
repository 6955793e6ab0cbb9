import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type Capture, type CaptureOptions, captureDatabase } from '../../../src/engine/brain/capture.ts';
import type { AppError } from '../../../src/shared/app-error.ts';
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
