import { statSync } from 'node:fs';
import { AppError } from '../../shared/app-error.ts';
import { formatBytes, formatDuration } from '../../shared/format.ts';

export interface CaptureLimits {
  /** Throws once the capture was cancelled, took too long, or let the source's WAL grow too much. */
  check(): void;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export interface LimitOptions {
  readonly source: string;
  readonly deadlineMs: number;
  readonly maxWalBytes: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** The bounds of one capture, asked for between all steps. The WAL counts from what it is now. */
export function createCaptureLimits(options: LimitOptions): CaptureLimits {
  const { source, deadlineMs, maxWalBytes, signal, now } = options;
  const startedAt = now();
  const walAtStart = walBytes(source);
  const timeout = (message: string): AppError =>
    new AppError('capture-timeout', message, {
      hint: 'Try again when the database is less busy, or allow more time in the settings.',
      details: { path: source },
    });
  const check = (): void => {
    if (signal.aborted) throw new AppError('cancelled', `Copying ${source} was cancelled.`);
    if (now() - startedAt > deadlineMs) {
      throw timeout(`Copying ${source} took longer than ${formatDuration(deadlineMs)}.`);
    }
    const grown = walBytes(source) - walAtStart;
    if (grown > maxWalBytes) {
      throw timeout(`The write-ahead log of ${source} grew by ${formatBytes(grown)} while it was copied.`);
    }
  };
  return { check, signal, now };
}

function walBytes(source: string): number {
  return statSync(`${source}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
