import { AppError } from '../../shared/app-error.ts';
import { formatBytes, formatCount } from '../../shared/format.ts';
import type { PrunePlan, RetentionRules } from '../../shared/retention.ts';
import type { EngineContext } from '../context.ts';
import type { PruneOptions } from '../engine.ts';
import { findAlarm } from '../retention/find-alarm.ts';
import { bytesFreedBy } from '../retention/history.ts';
import { planRetention } from '../retention/plan-retention.ts';
import { removeSnapshots } from '../retention/prune.ts';
import { readHistory } from '../retention/read-history.ts';
import { readAlarm } from '../snapshot/alarm.ts';
import { readCatalog } from '../snapshot/catalog.ts';
import { currentBaseline } from '../snapshot/current-baseline.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { recordActivity, recordFailure } from './record-activity.ts';
import { asRemover } from './with-locks.ts';

/** What `prune` would do now. */
export async function planPrune(context: EngineContext, rules?: RetentionRules): Promise<PrunePlan> {
  return plan(context, rules);
}

/** Removes what no rule wants, oldest first, and answers what became of each. AppError `busy` while snapshots are read. */
export async function prune(context: EngineContext, options: PruneOptions = {}): Promise<PrunePlan> {
  const planned = plan(context, options.rules, options.only);
  if (planned.remove.length === 0) return planned;
  try {
    // Planned again under the locks: what is removed is what is unwanted at that moment.
    const done = await asRemover(context, 'prune', async () => {
      const current = plan(context, options.rules, options.only);
      applyPlan(context, current, options);
      return current;
    });
    const message = `${formatCount(done.remove.length, 'snapshot')} removed by retention; ${formatBytes(done.freedBytes)} freed.`;
    context.logger.info(message);
    await recordActivity(context, { kind: 'prune', ok: true, snapshot: null, message });
    return done;
  } catch (error) {
    await recordFailure(context, 'prune', 'Not all was removed that retention had planned', error);
    throw error;
  }
}

/** Before or after a snapshot, which counts more than the room: a failure is logged and recorded. */
export async function pruneByItself(context: EngineContext): Promise<void> {
  try {
    await prune(context);
  } catch (error) {
    context.logger.warn(`Pruning beside a snapshot failed: ${String(error)}`);
    if (error instanceof AppError && error.code === 'retention-keeps-nothing') {
      await recordFailure(context, 'prune', 'Nothing was removed', error);
    }
  }
}

function plan(context: EngineContext, given?: RetentionRules, only?: readonly string[]): PrunePlan {
  const backups = requireBackups(context);
  const catalog = readCatalog(backups);
  const history = readHistory(catalog, currentBaseline(context, catalog));
  const { afterEachSnapshot: _when, ...rules } = context.settings().retention;
  const planned = planRetention(history, given ?? rules, findAlarm(catalog, readAlarm(backups)));
  if (only === undefined) return planned;
  const [remove, others] = [true, false].map((wanted) =>
    planned.remove.filter(({ id }) => only.includes(id) === wanted),
  );
  const removed = new Set(remove?.map(({ id }) => id));
  const kept = others?.map(({ id }) => ({ id, reasons: ['not in the plan that was agreed to'] })) ?? [];
  const freedBytes = bytesFreedBy(history.filter(({ id }) => removed.has(id)));
  return { keep: [...kept, ...planned.keep], remove: remove ?? [], freedBytes };
}

function applyPlan(context: EngineContext, { remove }: PrunePlan, { signal, onProgress }: PruneOptions): void {
  const ids = remove.map(({ id }) => id).toReversed();
  let done = 0;
  try {
    removeSnapshots(context.backups(), ids, {
      signal,
      onRemoved: (id) => {
        done += 1;
        context.logger.info(`Removed snapshot ${id}, which no rule of retention wants.`);
        onProgress?.({ phase: 'prune', done, total: ids.length, unit: 'snapshots', subject: id });
      },
    });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    throw new AppError('cancelled', `Pruning was cancelled; ${formatCount(done, 'snapshot')} had been removed.`, {
      hint: 'Run it again to remove the rest.',
      cause: error,
    });
  }
}
