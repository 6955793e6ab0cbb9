import { reportError } from '../shared/app-error.ts';
import type { ConnectionState } from '../shared/protocol/channel.ts';
import type { PanelClient } from '../shared/protocol/client.ts';
import type { PanelEvent } from '../shared/protocol/events.ts';
import type { JobState } from '../shared/protocol/jobs.ts';
import { type AppView, emptyView } from './app-view.ts';

/** Keeps main's view of the engine, and tells whoever listens. */
export interface EngineFollower {
  view(): AppView;
  onChange(listener: (view: AppView) => void): void;
  /** Jobs that have ended, with how. */
  onJobEnd(listener: (job: JobState) => void): void;
  /** The engine process has ended, and what ran in it with it. Answers those jobs. */
  engineLost(why: string): readonly JobState[];
}

/** While nobody watches here, no look tells that time passes: what is unsaved grows old all the same. */
const usualPollMs = 60_000;

/** Events come in bursts: what they make old is asked for once. */
const gatherMs = 50;

export function followEngine(
  client: PanelClient,
  onDefect: (error: unknown) => void,
  pollMs: number = usualPollMs,
): EngineFollower {
  const listeners = new Set<(view: AppView) => void>();
  const endListeners = new Set<(job: JobState) => void>();
  let view = emptyView;
  const change = (part: Partial<AppView>): void => {
    view = { ...view, ...part };
    for (const listener of listeners) listener(view);
  };
  const readStatus = gather(async () => {
    try {
      const status = await client.call('status', {});
      change({ status, error: null, jobs: status.jobs, engineProblem: null });
    } catch (error) {
      const report = reportError(error);
      if (report.code === 'connection-lost') return;
      change({ status: null, error: report, engineProblem: null });
    }
  }, onDefect);
  const readSnapshots = gather(async () => {
    // Where there is no root yet, or no backups folder any more, the status says so.
    const snapshots = await client.call('snapshots', {}).catch(() => null);
    if (snapshots !== null) change({ snapshots });
  }, onDefect);
  const readSettings = gather(async () => {
    const shown = await client.call('settings', {}).catch(() => undefined);
    change({ notify: shown?.settings.notify ?? null });
  }, onDefect);
  const takeJob = (job: JobState): void => {
    const others = view.jobs.filter(({ id }) => id !== job.id);
    change({ jobs: job.state === 'running' ? [...others, job] : others });
    if (job.state !== 'running') for (const listener of endListeners) listener(job);
  };
  const take = (event: PanelEvent): void => {
    if (event.kind === 'job') takeJob(event.job);
    else if (event.kind === 'statusChanged') readStatus();
    else if (event.kind === 'snapshotsChanged') readSnapshots();
    else if (event.kind === 'settingsChanged') readSettings();
    else if (event.kind === 'watch' && event.event.kind === 'look') readStatus();
  };
  client.onEvent(take);
  const readAll = ({ kind }: ConnectionState): void => {
    if (kind !== 'open') return;
    readStatus();
    readSnapshots();
    readSettings();
  };
  setInterval(() => {
    if (client.connection().kind === 'open' && view.status?.watching.kind !== 'here') readStatus();
  }, pollMs).unref();
  client.onConnection(readAll);
  readAll(client.connection());
  return {
    view: () => view,
    onChange: (listener) => void listeners.add(listener),
    onJobEnd: (listener) => void endListeners.add(listener),
    engineLost: (engineProblem) => {
      const { jobs } = view;
      change({ jobs: [], engineProblem });
      return jobs;
    },
  };
}

/** Does the work once for calls that come close together, and once more for those that come while it is done. */
function gather(work: () => Promise<void>, onDefect: (error: unknown) => void): () => void {
  let state: 'idle' | 'soon' | 'busy' | 'again' = 'idle';
  const run = async (): Promise<void> => {
    state = 'busy';
    await work().catch(onDefect);
    const isAsked = wantsMore();
    state = 'idle';
    if (isAsked) ask();
  };
  const wantsMore = (): boolean => state === 'again';
  const ask = (): void => {
    if (state === 'busy') state = 'again';
    if (state !== 'idle') return;
    state = 'soon';
    setTimeout(() => void run(), gatherMs);
  };
  return ask;
}
