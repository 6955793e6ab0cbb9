import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';
import { formatBytes } from '../../shared/format.ts';
import { observeBrain } from '../brain/observe-brain.ts';
import type { EngineContext } from '../context.ts';
import type { RunIfGrownResult, RunOptions } from '../engine.ts';
import { growthOf, recordLook } from '../growth/growth-record.ts';
import { createSavedReader, differsFromSaved } from '../growth/saved-brain.ts';
import { readWatchState } from '../growth/watch-state.ts';
import { run } from './run.ts';
import { findRestorer, findWriter } from './with-locks.ts';

const retryMs = 250;
const longestWaitMs = 15 * 60_000;

/**
 * Takes a snapshot if the Brain has grown by more than the threshold since its last good copy: for Codex's own watcher,
 * which measures from its last look. It waits for a snapshot that is being taken, and leaves the root to a restore.
 */
export async function runIfGrown(context: EngineContext, options: RunOptions): Promise<RunIfGrownResult> {
  const giveUpMs = performance.now() + longestWaitMs;
  for (;;) {
    if ((await findRestorer(context)) !== null)
      return { snapshot: null, reason: 'A restore is at work, so nothing was saved.' };
    const isLast = performance.now() > giveUpMs;
    if (isLast || (await findWriter(context)) === null) {
      const reason = describeSaved(context);
      if (reason !== null) return { snapshot: null, reason };
      try {
        return { snapshot: await run(context, options), reason: '' };
      } catch (error) {
        if (isLast || !(error instanceof AppError) || error.code !== 'busy') throw error;
      }
    }
    await pause(options.signal);
  }
}

/** Why nothing needs to be saved, or null. */
function describeSaved(context: EngineContext): string | null {
  const nowMs = context.clock.now();
  const observation = observeBrain(join(context.root(), context.brainPath()));
  const { stamp, bytes, usedBytes } = observation;
  const { saved } = createSavedReader()(context.backups(), nowMs);
  if (saved === undefined || stamp === null || usedBytes === null || observation.rescue) return null;
  const before = readWatchState(context, context.root())?.record ?? undefined;
  const record = recordLook(
    before,
    saved,
    { bytes, usedBytes, stamp },
    differsFromSaved(observation, saved, nowMs),
    nowMs,
  );
  const growth = growthOf(record, { bytes, usedBytes });
  const { thresholdBytes } = context.settings().watch;
  if (growth > thresholdBytes) return null;
  return `Already saved in ${saved.id}: the Brain has grown by ${formatBytes(growth)} since, of ${formatBytes(thresholdBytes)}.`;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(retryMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw new AppError('cancelled', 'Waiting for another snapshot was cancelled.', { cause: error });
  }
}
