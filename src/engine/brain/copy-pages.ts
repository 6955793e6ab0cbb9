import { fdatasync } from 'node:fs';
import { promisify } from 'node:util';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../shared/app-error.ts';

export interface PageCopyOptions {
  /** An existing empty file of ours. */
  readonly target: string;
  /** The target, open; used to flush it while it grows, so that the last step has little left to flush. */
  readonly targetFd: number;
  readonly pageSize: number;
  /** Called between steps; what it throws ends the copy. */
  readonly check: () => void;
  /** Called between steps; a number it returns is the number of pages of the next step. */
  readonly onStep?: (remainingPages: number, totalPages: number) => number | undefined;
  /** Called when one page is left, after which SQLite flushes the copy before it lets the source go. */
  readonly beforeLastPage?: (() => void) | undefined;
  readonly onProgress?: (donePages: number, totalPages: number) => void;
}

export interface PageCopy {
  readonly totalPages: number;
  /** How often SQLite began again because another connection wrote: never, under a held transaction. */
  readonly restarts: number;
  /** The longest that one step kept this thread, less the last, which flushes. */
  readonly longestStepMs: number;
}

/** What a step aims at: well under the 50 ms that it may take, because speeds vary. */
const stepMs = 15;
const firstStepBytes = 1_000_000;
const flushBytes = 64_000_000;

/**
 * Copies a database page by page with SQLite's backup API, in steps of at most about 50 ms. A held transaction makes
 * it one snapshot; without one, SQLite begins again at each foreign commit. The caller removes the target on failure.
 */
export async function copyPages(db: Database, options: PageCopyOptions): Promise<PageCopy> {
  const pace = createPace(options.pageSize);
  const flusher = createFlusher(options.targetFd);
  let restarts = 0;
  let lowest = Number.POSITIVE_INFINITY;
  const progress = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }): number => {
    options.check();
    if (remainingPages > lowest) restarts += 1;
    lowest = remainingPages;
    const done = totalPages - remainingPages;
    options.onProgress?.(done, totalPages);
    flusher.written(done * options.pageSize);
    const pages = options.onStep?.(remainingPages, totalPages) ?? pace.next(done);
    if (options.beforeLastPage === undefined) return pages;
    if (remainingPages > 1) return Math.min(pages, remainingPages - 1);
    options.beforeLastPage();
    return pages;
  };
  try {
    const { totalPages } = await db.backup(options.target, { progress });
    // A source that is busy at the first step makes backup() resolve with nothing copied.
    if (totalPages === 0) throw new AppError('brain-locked', `SQLite copied no page of ${db.name}: it is locked.`);
    return { totalPages, restarts, longestStepMs: pace.longestStepMs() };
  } finally {
    await flusher.end();
  }
}

interface Pace {
  next(donePages: number): number;
  longestStepMs(): number;
}

/** Finds the number of pages that takes about `stepMs`, from what the last steps took. */
function createPace(pageSize: number): Pace {
  let rate = Math.max(1, Math.round(firstStepBytes / pageSize));
  let longest = 0;
  let last: { readonly at: number; readonly done: number } | undefined;
  return {
    next: (done) => {
      const at = performance.now();
      const elapsed = last === undefined ? 0 : at - last.at;
      if (last !== undefined && done > last.done) {
        longest = Math.max(longest, elapsed);
        const fitting = ((done - last.done) * stepMs) / Math.max(elapsed, 0.1);
        rate = Math.max(1, Math.round(Math.min(fitting, rate * 2)));
      }
      last = { at, done };
      return rate;
    },
    longestStepMs: () => longest,
  };
}

interface Flusher {
  written(bytes: number): void;
  end(): Promise<void>;
}

const flush = promisify(fdatasync);

/** Flushes every 64 MB beside the copy. A failure is kept and thrown at the end: it must not pass for success. */
function createFlusher(fd: number): Flusher {
  let flushedAt = 0;
  let running: Promise<void> | undefined;
  let failure: unknown;
  const start = async (): Promise<void> => {
    try {
      await flush(fd);
    } catch (error) {
      failure = error;
    }
    running = undefined;
  };
  return {
    written: (bytes) => {
      if (running !== undefined || bytes - flushedAt < flushBytes) return;
      flushedAt = bytes;
      running = start();
    },
    end: async () => {
      await running;
      if (failure !== undefined) throw failure;
    },
  };
}
