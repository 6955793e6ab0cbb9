import type { Snapshot, Trigger } from '../../shared/model.ts';
import type { EngineContext } from '../context.ts';
import type { RunOptions } from '../engine.ts';
import { failPoint } from '../platform/fail-point.ts';
import { alarmRaisedBy } from '../snapshot/alarm.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import { createSnapshot } from '../snapshot/create-snapshot.ts';
import { recordActivity, recordFailure } from './record-activity.ts';
import { recoverFirst } from './recover.ts';
import { isShortOfSpace, refuseLowSpace } from './refuse-low-space.ts';
import { asFirstWriter, asUserOfRoot } from './with-locks.ts';

/** Takes a snapshot. AppError `busy` while another writer is at work. */
export async function run(context: EngineContext, options: RunOptions): Promise<Snapshot> {
  try {
    const snapshot = await takeSnapshot(context, options);
    const { id, status } = snapshot;
    const message = `A snapshot was taken: trigger ${snapshot.trigger}, ${status}.`;
    await recordActivity(context, { kind: 'snapshot', ok: status === 'verified', snapshot: id, message });
    await recordAlarm(context, id);
    if (context.settings().retention.afterEachSnapshot) {
      await (await import('./prune.ts')).pruneByItself(context);
    }
    return snapshot;
  } catch (error) {
    await recordFailure(context, 'snapshot', `No snapshot was taken (trigger ${options.trigger})`, error);
    throw error;
  }
}

async function recordAlarm(context: EngineContext, snapshot: string): Promise<void> {
  const alarm = alarmRaisedBy(context.backups(), snapshot);
  if (alarm === null) return;
  await recordActivity(context, { kind: 'alarm', ok: false, snapshot, message: alarm.message });
}

/** Where the user lets retention prune by itself, it comes first when there is too little room for the snapshot. */
async function makeRoom(context: EngineContext, trigger: Trigger): Promise<void> {
  if (!context.settings().retention.afterEachSnapshot || !isShortOfSpace(context, trigger)) return;
  await (await import('./prune.ts')).pruneByItself(context);
}

async function takeSnapshot(context: EngineContext, options: RunOptions): Promise<Snapshot> {
  context.root();
  await recoverFirst(context, options.onProgress);
  await makeRoom(context, options.trigger);
  const beforeWriting = (catalog: readonly CatalogEntry[]) => refuseLowSpace(context, options.trigger, catalog);
  const snapshot = await asFirstWriter(context, 'snapshot', async () => {
    failPoint('run:locked');
    return asUserOfRoot(context, 'snapshot', () => createSnapshot(context, options, beforeWriting));
  });
  const { id, status, durationMs } = snapshot;
  context.logger.info(`Snapshot ${id}: ${status}, trigger ${snapshot.trigger}, ${Math.round(durationMs)} ms.`);
  return snapshot;
}
