import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, reportError } from '../../shared/app-error.ts';
import type { CopyReport } from '../../shared/copies.ts';
import { formatBytes, formatCount } from '../../shared/format.ts';
import type { EngineContext } from '../context.ts';
import { type Brought, bringUpToDate, bytesOf } from '../copies/bring-up-to-date.ts';
import { type CopyRecord, copyHome, writeCopyRecord } from '../copies/copy-state.ts';
import { findCopy, identifyCopy, isOnSameDisk, type OpenCopy, openCopy } from '../copies/open-copy.ts';
import { shortHash } from '../copies/plan-copy-check.ts';
import type { CopyOptions } from '../engine.ts';
import { acquireLock } from '../platform/locks.ts';
import { vouchedFiles } from '../snapshot/describe-snapshot.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { recordActivity, recordFailure } from './record-activity.ts';
import { asReader } from './with-locks.ts';

/** Brings one copy up to date. AppError `busy` while another process does. */
export async function copy(context: EngineContext, name: string, options: CopyOptions = {}): Promise<CopyReport> {
  const startedAt = context.clock.now();
  const settings = findCopy(context, name);
  requireBackups(context);
  return asOnlyOne(context, name, async () => {
    const opened = await openCopy(context, settings);
    try {
      const signal = options.signal ?? new AbortController().signal;
      const { byHand = true, anew = false } = options;
      const { copyId } = await identifyCopy(context, opened, { byHand, anew, signal });
      const brought = await bringUpToDate(context, opened, {
        signal,
        onProgress: options.onProgress,
        withSnapshot: (id, work) => asReader(context, 'copy', async () => withSource(context, id, work)),
      });
      await keepSuccess(context, opened, copyId, brought);
      return report(context, opened, brought, startedAt);
    } catch (error) {
      if (options.signal?.aborted === true) {
        throw new AppError('cancelled', `Copying to ${name} was cancelled; what has arrived stays.`, { cause: error });
      }
      // Snapshots are being removed just now, which says nothing of the copy.
      if (!(error instanceof AppError && error.code === 'busy')) await keepFailure(context, opened, error);
      throw error;
    }
  });
}

/** One process at a time works on a copy. */
export async function asOnlyOne<T>(context: EngineContext, name: string, work: () => Promise<T>): Promise<T> {
  const { home, clock } = context;
  const lock = await acquireLock({
    folder: copyHome(home, name),
    name: 'copy',
    mode: 'exclusive',
    what: `copy ${name}`,
    clock,
  });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function withSource<T>(context: EngineContext, id: string, work: () => Promise<T>): Promise<T | undefined> {
  return existsSync(join(context.backups(), id)) ? work() : undefined;
}

async function keepSuccess(
  context: EngineContext,
  { settings, store, record }: OpenCopy,
  copyId: string,
  brought: Brought,
) {
  const { holds, added, sentBytes, removed, seen } = brought;
  const now = context.clock.now();
  writeCopyRecord(context, settings.name, {
    ...record,
    copyId,
    attempt: { atMs: now, error: null, failures: 0 },
    sinceMs: record.sinceMs ?? now,
    inStepAtMs: now,
    seen: [...seen],
    newest: holds[0]?.id ?? null,
    snapshots: holds.length,
    bytes: bytesOf(holds),
    sentBytes,
    isSameDisk: isOnSameDisk(context, store),
    verified: provedBy(record, brought, now),
  });
  if (added.length + removed.length === 0) return;
  const gone =
    removed.length === 0 ? '' : ` ${formatCount(removed.length, 'snapshot')} removed there by its retention.`;
  const message = `The copy ${settings.name} is in step: ${formatCount(added.length, 'snapshot')} added, ${formatBytes(sentBytes)} sent.${gone}`;
  context.logger.info(message);
  await recordActivity(context, { kind: 'copy', ok: true, snapshot: added[0] ?? null, message });
}

/** What has come was proved by that; what is not there any more is nothing to know of. */
function provedBy({ verified }: CopyRecord, { holds, added }: Brought, atMs: number): CopyRecord['verified'] {
  const hashesOf = (snapshots: Brought['holds']): readonly string[] =>
    snapshots.flatMap(({ manifest }) => vouchedFiles(manifest).map(({ sha256 }) => shortHash(sha256)));
  const held = new Set(hashesOf(holds));
  const known = Object.entries(verified).filter(([hash]) => held.has(hash));
  const good = new Set(known.flatMap(([hash, { ok }]) => (ok ? [hash] : [])));
  const came = hashesOf(holds.filter(({ id }) => added.includes(id))).filter((hash) => !good.has(hash));
  return { ...Object.fromEntries(known), ...Object.fromEntries(came.map((hash) => [hash, { atMs, ok: true }])) };
}

/** A copy whose disk is not connected is nothing that happens anew every day. */
async function keepFailure(
  context: EngineContext,
  { settings: { name }, record }: OpenCopy,
  error: unknown,
): Promise<void> {
  const { code, message, hint } = reportError(error);
  const isNews = record.attempt?.error?.code !== code;
  const failures = isNews ? 1 : (record.attempt?.failures ?? 0) + 1;
  writeCopyRecord(context, name, {
    ...record,
    attempt: { atMs: context.clock.now(), error: { code, message, hint }, failures },
  });
  context.logger.warn(`The copy ${name} failed: ${message}`);
  if (isNews) await recordFailure(context, 'copy', `The copy ${name} is not in step`, error);
}

function report(
  context: EngineContext,
  { settings, store }: OpenCopy,
  brought: Brought,
  startedAt: number,
): CopyReport {
  const { added, removed, sentBytes, linkedBytes, leftOut, holds } = brought;
  return {
    name: settings.name,
    place: store.place,
    added,
    removed,
    sentBytes,
    linkedBytes,
    snapshots: holds.length,
    leftOut,
    durationMs: Math.max(0, context.clock.now() - startedAt),
    isSafeToRemove: store.kind === 'folder',
  };
}
