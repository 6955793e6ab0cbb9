import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError, reportError } from '../../shared/app-error.ts';
import { formatCount, formatDuration } from '../../shared/format.ts';
import type { DrillResult } from '../../shared/results.ts';
import { startCheckProcess } from '../brain/check.ts';
import type { EngineContext } from '../context.ts';
import { buildTree } from '../restore/build-tree.ts';
import { compareTree } from '../restore/compare-tree.ts';
import { type CatalogEntry, resolveSnapshot } from '../snapshot/catalog.ts';
import { addCheck } from '../snapshot/meta.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import type { Problem } from '../snapshot/problem.ts';
import { changeRecord } from './change-record.ts';
import { recordActivity, recordFailure } from './record-activity.ts';
import type { CheckOperationOptions } from './verify.ts';
import { asReader } from './with-locks.ts';

/**
 * Restores a snapshot into scratch space as a real restore would, compares every file and every row count with what the
 * snapshot says of itself, and removes it again. The result is recorded beside the snapshot.
 */
export async function drill(
  context: EngineContext,
  reference: string,
  options: CheckOperationOptions = {},
): Promise<DrillResult> {
  const { signal } = options;
  const startedAt = context.clock.now();
  try {
    const result = await asReader(context, 'drill', async () => {
      const entry = resolveSnapshot(requireBackups(context), reference);
      const problems = await drillEntry(context, entry, options);
      const durationMs = Math.max(0, Math.round(context.clock.now() - startedAt));
      return { id: entry.snapshot.id, ok: problems.length === 0, durationMs, problems };
    });
    await record(context, result, startedAt);
    return result;
  } catch (error) {
    if (signal?.aborted !== true) {
      await recordFailure(context, 'drill', `The drill of ${reference} came to no result`, error);
      throw error;
    }
    throw new AppError('cancelled', 'The drill was cancelled.', { cause: error });
  }
}

/** Builds a snapshot, wherever it lies, in scratch space, and answers what differs from what it says of itself. */
export async function drillEntry(
  context: EngineContext,
  entry: CatalogEntry,
  { signal = new AbortController().signal, onProgress, isLowPriority }: CheckOperationOptions,
): Promise<readonly Problem[]> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'codex-backup-drill-')));
  const checker = startCheckProcess({ isLowPriority });
  const { id } = entry.snapshot;
  try {
    const target = mkdtempSync(join(scratch, 'root-'));
    const brainPath = context.brainPath();
    const warnings = await buildTree(entry, { scope: 'all', paths: [], target, brainPath, signal, onProgress });
    const differences = await compareTree(entry, target, { checker, scratchFolder: scratch, signal });
    return [...warnings.map(({ message }) => ({ file: id, message })), ...differences];
  } catch (error) {
    signal.throwIfAborted();
    // A full disk says nothing of the snapshot.
    if (!(error instanceof AppError) || error.code === 'disk-full') throw error;
    return [{ file: id, message: reportError(error).message }];
  } finally {
    checker.close();
    // What the check process still wrote when it was killed may come between.
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }
}

async function record(
  context: EngineContext,
  { id, ok, durationMs, problems }: DrillResult,
  startedAt: number,
): Promise<void> {
  const at = new Date(startedAt).toISOString();
  const check = { kind: 'drill' as const, at, durationMs, ok, problems: [...problems] };
  const [first] = problems;
  const found =
    first === undefined ? '' : ` ${formatCount(problems.length, 'problem')}: ${first.file} ${first.message}`;
  const message = `${ok ? 'It came back' : 'It did not come back'} in ${formatDuration(durationMs)}.${found}`;
  await recordActivity(context, { kind: 'drill', ok, snapshot: id, message });
  try {
    await changeRecord(context, id, (meta) => addCheck(meta, check));
  } catch (error) {
    // The answer counts more than its record: the folder may be read-only, or a snapshot be under way.
    if (!(error instanceof AppError)) throw error;
    context.logger.warn(`The drill of ${id} could not be recorded: ${error.message}`);
  }
}
