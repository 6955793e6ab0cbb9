import { fdatasyncSync, ftruncateSync } from 'node:fs';
import { AppError } from '../../shared/app-error.ts';
import { formatDuration } from '../../shared/format.ts';
import { type CopiedSource, type CopySourceOptions, readFactsUnlessCorrupt } from './copied-source.ts';
import { copyPages } from './copy-pages.ts';
import { copyUnpinned } from './copy-unpinned.ts';
import type { OpenDatabase } from './open-database.ts';
import { holdSnapshot } from './read-transaction.ts';

/** Copies an open database by the way that its journal mode and size allow. */
export async function copySource(source: OpenDatabase, options: CopySourceOptions): Promise<CopiedSource> {
  if (options.journalMode === 'wal') return copyPinned(source, options);
  const { policy } = options;
  const predictedMs = Number(source.stats.size) / options.expectedBytesPerMs;
  if (predictedMs <= policy.maxHoldMs) {
    const copied = await tryHolding(source, options);
    if (copied !== undefined) return copied;
  } else if (!options.automatic && (await options.confirmHold?.(predictedMs)) === true) {
    return copyPinned(source, options);
  }
  const copied = await copyUnpinned(source, options);
  if (copied !== undefined) return copied;
  throw new AppError('brain-hold-too-long', holdMessage(source.path, predictedMs), {
    hint: 'Take a snapshot by hand when the services are quiet, or let the database use a write-ahead log (WAL).',
    details: { path: source.path, predictedMs: Math.round(predictedMs) },
  });
}

const holdMessage = (path: string, predictedMs: number): string =>
  `Copying ${path} would block its writers for about ${formatDuration(predictedMs)}, and it was never quiet long enough.`;

class HeldTooLong extends Error {}

/**
 * A short hold, ended when an automatic one takes half as long again as it may: with its last page that is still less
 * than the Brain's busy timeout, so that a slow disk loses it no write.
 */
async function tryHolding(source: OpenDatabase, options: CopySourceOptions): Promise<CopiedSource | undefined> {
  try {
    return await copyPinned(source, options, options.automatic ? 1.5 * options.policy.maxHoldMs : undefined);
  } catch (error) {
    if (!(error instanceof HeldTooLong)) throw error;
    ftruncateSync(options.targetFd, 0);
    return undefined;
  }
}

/** The whole copy in one read transaction: one moment of the database, and no restarts. */
async function copyPinned(source: OpenDatabase, options: CopySourceOptions, maxHeldMs?: number): Promise<CopiedSource> {
  const { limits } = options;
  const release = await holdSnapshot(source, limits, options.lockWaitMs);
  const heldSince = limits.now();
  let lockHeldMs = 0;
  const check = (): void => {
    limits.check();
    if (maxHeldMs !== undefined && limits.now() - heldSince > maxHeldMs) throw new HeldTooLong();
  };
  try {
    const facts = readFactsUnlessCorrupt(source);
    const beforeLastPage = maxHeldMs === undefined ? undefined : () => flushWhileHeld(options.targetFd, check);
    const pages = await copyPages(source.db, { ...options, check, beforeLastPage });
    lockHeldMs = release();
    return { facts, pages, lockHeldMs };
  } finally {
    if (source.db.inTransaction) release();
  }
}

/** A disk that is slow now is found out while the hold can still be ended: SQLite's own flush, at the end, can't be. */
function flushWhileHeld(targetFd: number, check: () => void): void {
  fdatasyncSync(targetFd);
  check();
}
