import { reportError } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { WatchSummary } from '../../shared/watch-events.ts';
import type { EngineContext } from '../context.ts';
import { BackgroundCopies, type BackgroundCopyWork } from '../copies/background-copies.ts';
import { mountAnswers } from '../copies/mount-answers.ts';
import type { CopyWork, WatchOptions } from '../engine.ts';
import { watchBrain } from '../growth/watcher.ts';
import { systemTimer, type Timer } from '../platform/clock.ts';
import { keepHeapSmall } from '../platform/small-heap.ts';
import { checkWork } from './check-in-background.ts';
import { snapshotNames } from './copies.ts';
import { recoverFirst } from './recover.ts';
import { asUserOfRoot, asWatcher } from './with-locks.ts';

/** Watches the Brain and has it saved, until the signal is aborted. AppError `busy` where the root is watched already. */
export async function watch(
  context: EngineContext,
  { signal, onEvent, onProgress, carryCopy }: WatchOptions,
  timer: Timer = systemTimer,
): Promise<WatchSummary> {
  // It lives for months, and is to take little room.
  keepHeapSmall();
  return asWatcher(context, async () => {
    await recoverOrTell(context, onProgress);
    return watchBrain({
      context,
      timer,
      signal,
      onEvent,
      takeSnapshot: async (renewed, trigger) => {
        // Loaded by the first snapshot, not by the first look.
        const { run } = await import('./run.ts');
        const { closeIdleThreads } = await import('../platform/worker-pool.ts');
        try {
          return await run(renewed, { trigger, signal, ...(onProgress === undefined ? {} : { onProgress }) });
        } finally {
          // Between snapshots a watcher needs no threads, and their memory. Another shell of this process may.
          await closeIdleThreads();
        }
      },
      checks: checkWork,
      createCopies: (tell) => new BackgroundCopies(copyWork(carryCopy), tell),
      asUserOfRoot: (renewed, work) => asUserOfRoot(renewed, 'look', work),
    });
  });
}

/** What a crash has left of a restore is dealt with first. Where that fails, watching is all the more needed. */
async function recoverOrTell(context: EngineContext, onProgress: OnProgress | undefined): Promise<void> {
  try {
    await recoverFirst(context, onProgress);
  } catch (error) {
    context.logger.error(`An interrupted restore could not be recovered: ${reportError(error).message}`);
  }
}

const copyWork = (carryCopy: WatchOptions['carryCopy']): BackgroundCopyWork => ({
  copy: async (context, name, signal) => {
    const { copy } = await import('./copy.ts');
    // Who carries it out may break it off as well.
    const work: CopyWork = (options) =>
      copy(context, name, { ...options, byHand: false, signal: AbortSignal.any([signal, options.signal ?? signal]) });
    return carryCopy === undefined ? work({}) : carryCopy(name, work);
  },
  check: async (context, name, signal) => (await import('./check-copy.ts')).checkCopy(context, name, signal),
  snapshotNames,
  answers: mountAnswers,
});
