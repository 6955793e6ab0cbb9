import type { RestorePlan, RestoreReport } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { RestoreOptions } from '../engine.ts';
import { applyRestore } from '../restore/apply-restore.ts';
import { type PreparedRestore, prepareRestore } from '../restore/gather-restore.ts';
import { normalizePath } from '../restore/path-tree.ts';
import { resolveSnapshot } from '../snapshot/catalog.ts';
import { recoverFirst } from './recover.ts';
import { describeOutcome } from './restore-report.ts';
import { takeSafetySnapshot } from './safety-snapshot.ts';
import { asOwnerOfRoot, asReader } from './with-locks.ts';

/** What a restore would do. Changes nothing. */
export function planRestore(
  context: EngineContext,
  reference: string,
  options: RestoreOptions = {},
): Promise<RestorePlan> {
  return asReader(context, 'restore', async () => (await prepare(context, reference, options)).plan);
}

/** Brings a snapshot back into its place, or leaves everything as it was. */
export function restore(
  context: EngineContext,
  reference: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const startedAt = context.clock.now();
  return asReader(context, 'restore', async () => {
    await recoverFirst(context, options.onProgress);
    return asOwnerOfRoot(context, 'restore', async () => {
      const prepared = await prepare(context, reference, options);
      await options.approve?.(prepared.plan);
      if (prepared.plan.steps.length === 0) return describeOutcome(context, prepared.plan, undefined, startedAt);
      const { signal, onProgress } = prepared.request;
      const outcome = await applyRestore(context, prepared, {
        takeSafetySnapshot: () => takeSafetySnapshot(context, signal, onProgress),
        signal,
        onProgress,
      });
      return describeOutcome(context, prepared.plan, outcome, startedAt);
    });
  });
}

function prepare(context: EngineContext, reference: string, options: RestoreOptions): Promise<PreparedRestore> {
  return prepareRestore(context, resolveSnapshot(context.backups(), reference), {
    scope: options.scope ?? 'all',
    paths: (options.paths ?? []).map(normalizePath),
    keepExtra: options.keepExtra ?? false,
    keepNewer: options.keepNewer ?? false,
    useServices: options.useServices ?? true,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress,
  });
}
