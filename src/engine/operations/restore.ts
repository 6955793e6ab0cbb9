import type { RestorePlan, RestoreReport } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { RestoreOptions } from '../engine.ts';
import { applyRestore } from '../restore/apply-restore.ts';
import { refuseFull } from '../restore/gather-full.ts';
import { type PreparedRestore, prepareRestore, type RestoreRequest } from '../restore/gather-restore.ts';
import { normalizePath } from '../restore/path-tree.ts';
import { namingFailures } from '../restore/restore-failure.ts';
import { withRestoreSource } from '../restore/restore-source.ts';
import { resolveSnapshot } from '../snapshot/catalog.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { recordOutcome } from './record-activity.ts';
import { recoverFirst } from './recover.ts';
import { describeOutcome, describeRestored } from './restore-report.ts';
import { takeSafetySnapshot } from './safety-snapshot.ts';
import { asOwnerOfRoot, asReader, restoreWaitMs } from './with-locks.ts';

/** What a restore would do. Changes nothing. */
export async function planRestore(
  context: EngineContext,
  reference: string,
  options: RestoreOptions = {},
): Promise<RestorePlan> {
  refuseEarly(context, options);
  return namingFailures(context, () =>
    asReader(context, 'restore', () => withPrepared(context, reference, options, async ({ plan }) => plan)),
  );
}

/** Brings a snapshot back into its place, or leaves everything as it was. */
export async function restore(
  context: EngineContext,
  reference: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const startedAt = context.clock.now();
  const wait = { waitMs: restoreWaitMs, signal: options.signal };
  // It may bring the root back, and with it the backups.
  await recoverFirst(context, options.onProgress);
  refuseEarly(context, options);
  const work = (): Promise<RestoreReport> =>
    namingFailures(context, () =>
      asReader(context, 'restore', () =>
        asOwnerOfRoot(
          context,
          'restore',
          () =>
            withPrepared(context, reference, options, (prepared) =>
              carryOutPlan(context, prepared, options, startedAt),
            ),
          wait,
        ),
      ),
    );
  return recordOutcome(context, { kind: 'restore', failure: `${reference} was not restored` }, work, describeRestored);
}

async function carryOutPlan(
  context: EngineContext,
  prepared: PreparedRestore,
  { approve, onOutput }: RestoreOptions,
  startedAt: number,
): Promise<RestoreReport> {
  const { plan, request } = prepared;
  await approve?.(plan);
  if (plan.steps.length === 0) return describeOutcome(context, plan, undefined, startedAt);
  const { signal, onProgress } = request;
  const outcome = await applyRestore(context, prepared, {
    takeSafetySnapshot: () => takeSafetySnapshot(context, signal, onProgress),
    signal,
    onProgress,
    onOutput,
  });
  return describeOutcome(context, plan, outcome, startedAt);
}

/** Before the folder beside the root is made, for which its parent has to be writable too. */
function refuseEarly(
  context: EngineContext,
  { scope, paths = [], keepExtra = false, keepNewer = false }: RestoreOptions,
) {
  if (scope === 'full') refuseFull(context, { paths, keepExtra, keepNewer });
}

function withPrepared<T>(
  context: EngineContext,
  reference: string,
  options: RestoreOptions,
  use: (prepared: PreparedRestore) => Promise<T>,
): Promise<T> {
  const request: RestoreRequest = {
    scope: options.scope ?? 'all',
    paths: (options.paths ?? []).map(normalizePath),
    keepExtra: options.keepExtra ?? false,
    keepNewer: options.keepNewer ?? false,
    useServices: options.useServices ?? true,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress,
  };
  return withRestoreSource(context, resolveSnapshot(requireBackups(context), reference), request, async (source) =>
    use(await prepareRestore(context, source, request)),
  );
}
