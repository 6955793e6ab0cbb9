import type { CopyWork } from '../engine/engine.ts';
import { AppError } from '../shared/app-error.ts';
import type { CopyReport } from '../shared/copies.ts';
import type { Trigger } from '../shared/model.ts';
import type { ProgressEvent } from '../shared/progress.ts';
import type { JobResult } from '../shared/protocol/jobs.ts';
import type { WatchEvent } from '../shared/watch-events.ts';
import type { HostState } from './host-state.ts';
import { backUpKey, copyKey } from './job-calls.ts';
import { createWatchKeeper, type WatchKeeper } from './watch-keeper.ts';

interface WatcherJob {
  readonly onProgress: (event: ProgressEvent) => void;
  readonly end: (result: JobResult) => void;
  readonly fail: (error: AppError) => void;
}

/** Watches the Brain; a snapshot or a copy that the watcher makes is a job like any other, which a click joins. */
export function keepWatching(state: HostState): WatchKeeper {
  const { jobs, options, tell } = state;
  let current: WatcherJob | undefined;
  const follow = (event: WatchEvent): void => {
    tell({ kind: 'watch', event });
    if (event.kind !== 'look') tell({ kind: 'statusChanged' });
    switch (event.kind) {
      case 'begin':
        current = beginJob(event.trigger);
        break;
      case 'snapshot':
        current?.end({ kind: 'backUp', snapshot: event.snapshot });
        break;
      case 'failed': {
        const { code, message, hint, details } = event.error;
        current?.fail(new AppError(code, message, { hint, details }));
        break;
      }
      case 'busy':
      case 'ended':
        current?.fail(new AppError('busy', event.kind === 'busy' ? event.message : 'The watch was ended.', {}));
        break;
      default:
        break;
    }
  };
  const beginJob = (trigger: Trigger): WatcherJob => {
    const { promise, resolve, reject } = Promise.withResolvers<JobResult>();
    let onProgress: WatcherJob['onProgress'] = () => undefined;
    const plan = { kind: 'backUp', ids: [], by: 'watcher', trigger, canCancel: false, key: backUpKey } as const;
    jobs.start(plan, (control) => {
      onProgress = control.onProgress;
      return promise;
    });
    // While a manual snapshot runs under the same key, nobody waits for this one.
    promise.catch(() => undefined);
    return { onProgress: (event) => onProgress(event), end: resolve, fail: reject };
  };
  return createWatchKeeper({
    engine: state.engine,
    now: options.now,
    onEvent: follow,
    onProgress: (event) => current?.onProgress(event),
    onChange: () => tell({ kind: 'statusChanged' }),
    carryCopy: (name, work) => copyAsJob(state, name, work),
  });
}

async function copyAsJob({ jobs }: HostState, name: string, work: CopyWork): Promise<CopyReport> {
  const { promise, resolve, reject } = Promise.withResolvers<CopyReport>();
  const plan = { kind: 'copy', ids: [], copy: name, by: 'watcher', trigger: null, canCancel: true } as const;
  const job = jobs.start({ ...plan, key: copyKey(name) }, async (control) => {
    const running = work(control);
    running.then(resolve, reject);
    return { kind: 'copy', report: await running };
  });
  if (job.by === 'user') reject(new AppError('busy', `The copy ${name} is being brought up to date already.`));
  return promise;
}
