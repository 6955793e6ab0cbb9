import type { Snapshot } from '../../shared/model.ts';
import type { EngineContext } from '../context.ts';
import type { RunOptions } from '../engine.ts';
import { failPoint } from '../platform/fail-point.ts';
import { createSnapshot } from '../snapshot/create-snapshot.ts';
import { recoverFirst } from './recover.ts';
import { asFirstWriter, asUserOfRoot } from './with-locks.ts';

/** Takes a snapshot. AppError `busy` while another writer is at work. */
export async function run(context: EngineContext, options: RunOptions): Promise<Snapshot> {
  context.root();
  await recoverFirst(context, options.onProgress);
  const snapshot = await asFirstWriter(context, 'snapshot', async () => {
    failPoint('run:locked');
    return asUserOfRoot(context, 'snapshot', () => createSnapshot(context, options));
  });
  const { id, status, durationMs } = snapshot;
  context.logger.info(`Snapshot ${id}: ${status}, trigger ${snapshot.trigger}, ${Math.round(durationMs)} ms.`);
  return snapshot;
}
