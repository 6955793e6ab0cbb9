import type { ErrorReport } from '../shared/app-error.ts';
import type { JobState } from '../shared/protocol/jobs.ts';
import type { PanelStatus, SnapshotRow } from '../shared/protocol/status-views.ts';
import { isRestore } from '../shared/restoring.ts';
import type { Settings } from '../shared/settings.ts';

/** What main knows of the engine: icon, menu and notifications are made of this. */
export interface AppView {
  /** Null before the engine has answered, and while `error` says why it can't. */
  readonly status: PanelStatus | null;
  readonly error: ErrorReport | null;
  /** Those that run. */
  readonly jobs: readonly JobState[];
  /** All snapshots, newest first; null before they were read. */
  readonly snapshots: readonly SnapshotRow[] | null;
  readonly notify: Settings['notify'] | null;
  /** Why the engine doesn't run; null while it does, or starts for the first time. */
  readonly engineProblem: string | null;
}

export const emptyView: AppView = {
  status: null,
  error: null,
  jobs: [],
  snapshots: null,
  notify: null,
  engineProblem: null,
};

/** The restore that runs, if any: nothing may end it on the way. */
export function runningRestore(jobs: readonly JobState[]): JobState | undefined {
  return jobs.find(isRestore);
}

export const runningBackUp = (jobs: readonly JobState[]): JobState | undefined =>
  jobs.find(({ kind }) => kind === 'backUp');
