import { renameSync, rmSync } from 'node:fs';
import { AppError } from '../../shared/app-error.ts';
import type { RestorePlan, RestoreRecord, RestoreReport } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { UndoOptions } from '../engine.ts';
import { applyUndo } from '../restore/apply-undo.ts';
import { hasAllKept } from '../restore/inverse-changes.ts';
import { describeRestore, listRestores, type PastRestore } from '../restore/list-restores.ts';
import { planUndo as plan } from '../restore/plan-undo.ts';
import { namingFailures } from '../restore/restore-failure.ts';
import { recordOutcome } from './record-activity.ts';
import { recoverFirst } from './recover.ts';
import { describeOutcome, describeRestored } from './restore-report.ts';
import { takeSafetySnapshot } from './safety-snapshot.ts';
import { asOwnerOfRoot, findRestorer, restoreWaitMs } from './with-locks.ts';

/** Every restore of this root, the newest first. */
export async function restores(context: EngineContext): Promise<readonly RestoreRecord[]> {
  const records = listRestores(context.root()).map(describeRestore);
  const isUnfinished = ({ state }: RestoreRecord): boolean => state === 'interrupted';
  // One that has not ended was interrupted only if nobody is at work on it.
  if (!records.some(isUnfinished) || (await findRestorer(context)) === null) return records;
  return records.map((record) => (isUnfinished(record) ? { ...record, state: 'running' } : record));
}

/** What undoing would do. Changes nothing. */
export async function planUndo(context: EngineContext, options: UndoOptions = {}): Promise<RestorePlan> {
  return plan(context, findUndoable(context, options.restore), options.useServices ?? true);
}

/** Goes back to before the latest restore, or leaves everything as it is. */
export async function undo(context: EngineContext, options: UndoOptions = {}): Promise<RestoreReport> {
  const startedAt = context.clock.now();
  const signal = options.signal ?? new AbortController().signal;
  const useServices = options.useServices ?? true;
  await recoverFirst(context, options.onProgress);
  const carryOut = async (): Promise<RestoreReport> => {
    const restore = findUndoable(context, options.restore);
    const planned = await plan(context, restore, useServices);
    await options.approve?.(planned);
    const outcome = await applyUndo(context, restore, planned, {
      takeSafetySnapshot: () => takeSafetySnapshot(context, signal, options.onProgress),
      signal,
      onProgress: options.onProgress,
      onOutput: options.onOutput,
      useServices,
    });
    return describeOutcome(context, planned, outcome, startedAt);
  };
  const work = () =>
    namingFailures(context, () => asOwnerOfRoot(context, 'undo', carryOut, { waitMs: restoreWaitMs, signal }));
  return recordOutcome(context, { kind: 'undo', failure: 'No restore was undone' }, work, describeRestored);
}

/** Deletes what a restore has kept, for good. */
export async function discardRestore(context: EngineContext, id: string): Promise<RestoreRecord> {
  return asOwnerOfRoot(context, 'discard', async () => {
    const restore = find(listRestores(context.root()), id);
    if (restore.state === 'interrupted') {
      throw new AppError('restore-refused', `${id} was interrupted, and holds files that belong in the Codex folder.`, {
        hint: 'Run "codex-backup recover" first.',
      });
    }
    const record = describeRestore(restore);
    // Out of sight at once: a folder that is deleted half-way must not pass for a restore.
    const trash = `${restore.folder.path}.trash`;
    renameSync(restore.folder.path, trash);
    rmSync(trash, { recursive: true, force: true });
    return record;
  });
}

/** The latest restore that was not undone; another one can't be, because later ones built on it. */
function findUndoable(context: EngineContext, id: string | undefined): PastRestore {
  const all = listRestores(context.root()).filter(({ state }) => state === 'restored' || state === 'undone');
  const [latest] = all.filter(({ state }) => state === 'restored');
  if (latest === undefined) {
    throw new AppError('restore-missing', 'There is no restore to undo.', {
      hint: '"codex-backup undo --list" shows all of them.',
    });
  }
  const wanted = id === undefined ? latest : find(all, id);
  if (wanted !== latest) throw notLatest(wanted);
  if (!hasAllKept(wanted.records, wanted.folder)) {
    throw new AppError('restore-missing', `Not all that ${wanted.folder.id} replaced is kept in its folder any more.`, {
      hint: safetyHint(wanted),
    });
  }
  return wanted;
}

function find(all: readonly PastRestore[], id: string): PastRestore {
  const found = all.find(({ folder }) => folder.id === id);
  if (found !== undefined) return found;
  throw new AppError('restore-missing', `There is no restore ${id}.`, {
    hint: '"codex-backup undo --list" shows all of them.',
  });
}

function notLatest(restore: PastRestore): AppError {
  return new AppError('restore-refused', `${restore.folder.id} is not the latest restore that can be undone.`, {
    hint: safetyHint(restore),
  });
}

function safetyHint({ records }: PastRestore): string {
  const safety = records.find((record) => record.kind === 'safety');
  const id = safety?.kind === 'safety' ? safety.snapshot : null;
  return id === null
    ? 'No safety snapshot was taken then: restore another one.'
    : `Restore the snapshot that was taken before it: "codex-backup restore ${id}".`;
}
