import { fdatasyncSync, ftruncateSync } from 'node:fs';
import { type CopiedSource, type CopySourceOptions, type HoldPolicy, readFactsUnlessCorrupt } from './copied-source.ts';
import { copyPages } from './copy-pages.ts';
import { isBusy } from './database-errors.ts';
import { pragmaNumber } from './database-facts.ts';
import type { OpenDatabase } from './open-database.ts';
import { pause } from './read-transaction.ts';

const stepBytes = 4_000_000;
const pollMs = 100;

/**
 * Copies without holding the lock between steps, once the database is quiet or has been waited for. SQLite begins again
 * at each foreign commit; only the last step is held, so that the facts and the copy are of one moment. Undefined when
 * the budget is spent, or when the copy comes no nearer to its end.
 */
export async function copyUnpinned(
  source: OpenDatabase,
  options: CopySourceOptions,
): Promise<CopiedSource | undefined> {
  const { db } = source;
  const previousTimeoutMs = pragmaNumber(db, 'busy_timeout');
  db.pragma('busy_timeout = 20');
  try {
    await waitUntilQuiet(source, options);
    return await copyWhileQuiet(source, options);
  } catch (error) {
    if (!(error instanceof GaveUp)) throw error;
    ftruncateSync(options.targetFd, 0);
    return undefined;
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
    db.pragma(`busy_timeout = ${previousTimeoutMs}`);
  }
}

class GaveUp extends Error {}

async function waitUntilQuiet(source: OpenDatabase, { policy, limits }: CopySourceOptions): Promise<void> {
  const startedAt = limits.now();
  let version = dataVersion(source);
  let since = startedAt;
  while (limits.now() - since < policy.quietMs && limits.now() - startedAt < policy.maxWaitMs) {
    limits.check();
    await pause(pollMs, limits.signal);
    const current = dataVersion(source);
    if (current === version && current !== undefined) continue;
    version = current;
    since = limits.now();
  }
}

async function copyWhileQuiet(source: OpenDatabase, options: CopySourceOptions): Promise<CopiedSource> {
  const { db } = source;
  const { check, now } = options.limits;
  const stepPages = Math.max(1, Math.round(stepBytes / options.pageSize));
  const watch = createStallWatch(options.policy, now);
  let version: number | undefined;
  let facts: CopiedSource['facts'];
  let heldSince: number | undefined;
  const onStep = (remaining: number): number => {
    if (db.inTransaction) return remaining;
    watch(remaining);
    const before = version;
    version = dataVersion(source);
    const unchanged = version !== undefined && version === before;
    if (remaining > stepPages || !unchanged) return Math.min(stepPages, remaining - 1);
    fdatasyncSync(options.targetFd);
    heldSince = now();
    db.exec('BEGIN');
    if (dataVersion(source) === version) {
      facts = readFactsUnlessCorrupt(source);
      return remaining;
    }
    db.exec('ROLLBACK');
    heldSince = undefined;
    return 0;
  };
  const pages = await copyPages(db, { ...options, check, onStep });
  db.exec('ROLLBACK');
  return { facts, pages, lockHeldMs: now() - (heldSince ?? now()) };
}

/** The data version as of now, or undefined while another connection is in the middle of a commit. */
function dataVersion({ db }: OpenDatabase): number | undefined {
  try {
    return pragmaNumber(db, 'data_version');
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** Progress is a new least number of remaining pages: a step that only repeats an earlier one is none. */
function createStallWatch(policy: HoldPolicy, now: () => number): (remaining: number) => void {
  const startedAt = now();
  let least = Number.POSITIVE_INFINITY;
  let leastAt = startedAt;
  return (remaining) => {
    const at = now();
    if (remaining < least) {
      least = remaining;
      leastAt = at;
    }
    if (at - startedAt > policy.budgetMs || at - leastAt > policy.stallMs) throw new GaveUp();
  };
}
