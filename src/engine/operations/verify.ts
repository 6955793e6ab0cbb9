import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { formatCount } from '../../shared/format.ts';
import type { VerifyResult } from '../../shared/results.ts';
import { startCheckProcess } from '../brain/check.ts';
import type { EngineContext } from '../context.ts';
import type { OperationOptions } from '../engine.ts';
import { type CatalogEntry, readCatalog, resolveSnapshot } from '../snapshot/catalog.ts';
import { addCheck } from '../snapshot/meta.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { type Verification, type VerifyOptions, verifySnapshot } from '../snapshot/verify.ts';
import { changeRecord } from './change-record.ts';
import { recordActivity } from './record-activity.ts';
import { asReader } from './with-locks.ts';

export interface CheckOperationOptions extends OperationOptions {
  /** True where nobody waits for it. */
  readonly isLowPriority?: boolean;
}

/** Reads snapshots back and proves them, one after the other; records each result beside the snapshot. */
export async function verify(
  context: EngineContext,
  references: readonly string[],
  options: CheckOperationOptions = {},
): Promise<readonly VerifyResult[]> {
  const backups = requireBackups(context);
  const entries =
    references.length === 0 ? readCatalog(backups) : references.map((name) => resolveSnapshot(backups, name));
  const signal = options.signal ?? new AbortController().signal;
  const scratchFolder = mkdtempSync(join(tmpdir(), 'codex-backup-verify-'));
  const checker = startCheckProcess({ isLowPriority: options.isLowPriority });
  const results: VerifyResult[] = [];
  try {
    for (const entry of entries) {
      const { id } = entry.snapshot;
      options.onProgress?.({
        phase: 'verify',
        done: results.length,
        total: entries.length,
        unit: 'snapshots',
        subject: id,
      });
      results.push(await verifyOne(context, entry, { checker, scratchFolder, signal, onProgress: options.onProgress }));
    }
    return results;
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'Verifying was cancelled.', { cause: error });
    throw error;
  } finally {
    checker.close();
    rmSync(scratchFolder, { recursive: true, force: true });
  }
}

async function verifyOne(context: EngineContext, entry: CatalogEntry, options: VerifyOptions): Promise<VerifyResult> {
  const { id } = entry.snapshot;
  const startedAt = context.clock.now();
  // Looked up again under the lock: it may have been removed since.
  const verification = await asReader(context, 'verify', async () =>
    verifySnapshot(resolveSnapshot(context.backups(), id), options),
  );
  await record(context, id, verification, startedAt);
  const { status, problems } = verification;
  const found = problems.length === 0 ? 'every byte is good' : formatCount(problems.length, 'problem');
  const message = `A snapshot was verified: ${status}, ${found}.`;
  await recordActivity(context, { kind: 'verify', ok: problems.length === 0, snapshot: id, message });
  return { id, ...verification };
}

async function record(
  context: EngineContext,
  id: string,
  { problems }: Verification,
  startedAt: number,
): Promise<void> {
  const check = {
    kind: 'verify' as const,
    at: new Date(startedAt).toISOString(),
    durationMs: Math.max(0, context.clock.now() - startedAt),
    ok: problems.length === 0,
    problems: problems.map(({ file, message }) => ({ file, message })),
  };
  try {
    await changeRecord(context, id, (meta) => addCheck(meta, check));
  } catch (error) {
    // The answer counts more than its record: the folder may be read-only, or a snapshot be under way.
    if (!(error instanceof AppError)) throw error;
    context.logger.warn(`The verification of ${id} could not be recorded: ${error.message}`);
  }
}
