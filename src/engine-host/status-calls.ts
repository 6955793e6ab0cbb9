import { hostname } from 'node:os';
import { AppError } from '../shared/app-error.ts';
import type { PanelStatus } from '../shared/protocol/status-views.ts';
import { isRestore } from '../shared/restoring.ts';
import type { HostCalls } from './host-calls.ts';
import type { HostState } from './host-state.ts';

type StatusCalls =
  | 'about'
  | 'status'
  | 'activity'
  | 'acknowledge'
  | 'doctor'
  | 'pauseWatching'
  | 'resumeWatching'
  | 'openWindow';

/** How things stand. */
export function createStatusCalls(state: HostState): Pick<HostCalls, StatusCalls> {
  const { options, keeper, tell } = state;
  const status = shareNext(() => readStatus(state));
  return {
    about: async () => ({
      ...options.about,
      settingsFile:
        (
          await state
            .engine()
            .settings()
            .catch(() => undefined)
        )?.file ?? '',
      can: {
        showInFolder: options.showInFolder !== undefined,
        openDialog: options.opensDialog ?? false,
        makeSample: options.makeSample !== undefined,
        openWindow: options.openWindow !== undefined,
      },
    }),
    status,
    activity: (range) => state.engine().activity(range),
    acknowledge: async () => {
      const alarm = await state.engine().acknowledge();
      tell({ kind: 'statusChanged' });
      return alarm;
    },
    doctor: () => state.engine().doctor(),
    pauseWatching: async ({ minutes }) => {
      await watcherOf(keeper()).pause(minutes === undefined ? null : options.now() + minutes * 60_000);
      return null;
    },
    resumeWatching: () => {
      watcherOf(keeper()).resume();
      return null;
    },
    openWindow: () => {
      if (options.openWindow !== undefined) return options.openWindow();
      throw new AppError('usage', 'This shell opens its windows itself.', {});
    },
  };
}

async function readStatus(state: HostState): Promise<PanelStatus> {
  const [status, restores] = await Promise.all([state.engine().status(), state.engine().restores()]);
  const jobs = state.jobs.running();
  const interrupted = jobs.some(isRestore) ? [] : restores.filter((restore) => restore.state === 'interrupted');
  const keeper = state.keeper();
  return {
    ...status,
    holder: isOurs(status.holder) ? null : status.holder,
    watching: keeper?.watching() ?? { kind: 'off', error: null },
    failing: keeper?.failing() ?? null,
    problems: keeper?.problems() ?? [],
    jobs,
    interrupted: interrupted.map(({ id }) => id),
    isSample: state.isSample(),
  };
}

/** What we do ourselves is told by our jobs; the holder is for what others do. */
const isOurs = (holder: PanelStatus['holder']): boolean => holder?.pid === process.pid && holder.host === hostname();

/** Several windows that ask at the same moment get one answer, which is never older than their question. */
function shareNext<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    const answer = work();
    running = answer.catch(() => undefined);
    return answer;
  };
  return () => {
    next ??= running.then(begin);
    return next;
  };
}

function watcherOf<T>(keeper: T | undefined): T {
  if (keeper !== undefined) return keeper;
  throw new AppError('usage', 'This program does not watch the Brain.', {});
}
