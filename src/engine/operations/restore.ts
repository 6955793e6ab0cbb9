import type { RestorePlan, RestoreReport } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { RestoreOptions } from '../engine.ts';
import { applyRestore } from '../restore/apply-restore.ts';
import { refuseFull } from '../restore/gather-full.ts';
import { type PreparedRestore, prepareRestore } from '../restore/gather-restore.ts';
import { normalizePath } from '../restore/path-tree.ts';
import { resolveSnapshot } from '../snapshot/catalog.ts';
import { recoverFirst } from './recover.ts';
import { describeOutcome } from './restore-report.ts';
import { takeSafetySnapshot } from './safety-snapshot.ts';
import { asOwnerOfRoot, asReader } from './with-locks.ts';

/** What a restore would do. Changes nothing. */
export async function planRestore(
  context: EngineContext,
  reference: string,
  options: RestoreOptions = {},
): Promise<RestorePlan> {
  refuseEarly(context, options);
  return asReader(context, 'restore', async () => (await prepare(context, reference, options)).plan);
}

/** Brings a snapshot back into its place, or leaves everything as it was. */
export async function restore(
  context: EngineContext,
  reference: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const startedAt = context.clock.now();
  // It may bring the root back, and with it the backups.
  await recoverFirst(context, options.onProgress);
  refuseEarly(context, options);
  return asReader(context, 'restore', () =>
    asOwnerOfRoot(context, 'restore', async () => {
      const prepared = await prepare(context, reference, options);
      await options.approve?.(prepared.plan);
      if (prepared.plan.steps.length === 0) return describeOutcome(context, prepared.plan, undefined, startedAt);
      const { signal, onProgress } = prepared.request;
      const outcome = await applyRestore(context, prepared, {
        takeSafetySnapshot: () => takeSafetySnapshot(context, signal, onProgress),
        signal,
        onProgress,
        onOutput: options.onOutput,
      });
      return describeOutcome(context, prepared.plan, outcome, startedAt);
    }),
  );
}

/** Before the folder beside the root is made, for which its parent has to be writable too. */
function refuseEarly(
  context: EngineContext,
  { scope, paths = [], keepExtra = false, keepNewer = false }: RestoreOptions,
) {
  if (scope === 'full') refuseFull(context, { paths, keepExtra, keepNewer });
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
