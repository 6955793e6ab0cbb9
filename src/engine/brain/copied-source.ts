import type { CaptureLimits } from './capture-limits.ts';
import type { PageCopy } from './copy-pages.ts';
import { isCorrupt } from './database-errors.ts';
import { type DatabaseFacts, readDatabaseFacts } from './database-facts.ts';
import type { OpenDatabase } from './open-database.ts';

/** When a database with a rollback journal may be held, and how long the other ways may take. */
export interface HoldPolicy {
  /** The longest predicted hold that needs no question: half of the Brain's busy timeout of 1 s. */
  readonly maxHoldMs: number;
  /** A database that nobody wrote for so long counts as idle. */
  readonly quietMs: number;
  readonly maxWaitMs: number;
  /** How long unpinned steps may go on, and how long without coming nearer to the end than ever before. */
  readonly budgetMs: number;
  readonly stallMs: number;
}

export const defaultHoldPolicy: HoldPolicy = {
  maxHoldMs: 500,
  quietMs: 1500,
  maxWaitMs: 20_000,
  budgetMs: 60_000,
  stallMs: 10_000,
};

export interface CopySourceOptions {
  readonly target: string;
  readonly targetFd: number;
  readonly pageSize: number;
  readonly journalMode: 'wal' | 'delete';
  readonly automatic: boolean;
  readonly expectedBytesPerMs: number;
  readonly lockWaitMs: number;
  readonly policy: HoldPolicy;
  readonly limits: CaptureLimits;
  readonly confirmHold: ((predictedMs: number) => Promise<boolean>) | undefined;
  readonly onProgress: (donePages: number, totalPages: number) => void;
}

/** What was copied, and what was read of the source in the same moment (undefined where the schema is damaged). */
export interface CopiedSource {
  readonly facts: DatabaseFacts | undefined;
  readonly pages: PageCopy;
  readonly lockHeldMs: number;
}

/** A damaged schema is no reason to copy nothing: the check of the copy will tell. */
export function readFactsUnlessCorrupt(source: OpenDatabase): DatabaseFacts | undefined {
  try {
    return readDatabaseFacts(source.db);
  } catch (error) {
    if (isCorrupt(error)) return undefined;
    throw error;
  }
}
