import type { JobState } from './protocol/jobs.ts';
import type { PanelStatus } from './protocol/status-views.ts';

/** Whether the job changes the Codex folder: nothing of it can be saved meanwhile, and nothing may end it on the way. */
export const isRestore = ({ kind }: Pick<JobState, 'kind'>): boolean =>
  kind === 'restore' || kind === 'undo' || kind === 'recover';

/** By what their lock says of them. */
const elsewhereWords: Readonly<Record<string, string>> = {
  restore: 'Restoring',
  undo: 'Undoing a restore',
  recover: 'Finishing a restore',
};

/** What another program, as the command line, does with the Codex folder now; undefined where none changes it. */
export function restoringElsewhere(status: Pick<PanelStatus, 'holder' | 'jobs'>): string | undefined {
  return status.holder === null || isRestoringHere(status) ? undefined : elsewhereWords[status.holder.what];
}

/** Whether the Codex folder is being changed, here or by another program. */
export const isRestoring = (status: Pick<PanelStatus, 'holder' | 'jobs'>): boolean =>
  isRestoringHere(status) || restoringElsewhere(status) !== undefined;

const isRestoringHere = ({ jobs }: Pick<PanelStatus, 'jobs'>): boolean =>
  jobs.some((job) => job.state === 'running' && isRestore(job));
