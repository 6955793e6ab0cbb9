import { formatCount } from './format.ts';
import { phaseLabels } from './phase-labels.ts';
import type { ProgressEvent } from './progress.ts';
import type { JobKind, JobState } from './protocol/jobs.ts';
import { capitalise } from './words.ts';

const running: Readonly<Record<JobKind, string>> = {
  backUp: 'Backing up',
  verify: 'Verifying',
  drill: 'Trial restore',
  restore: 'Restoring',
  undo: 'Undoing',
  restoreInto: 'Restoring into a folder',
  recover: 'Finishing the interrupted restore',
  prune: 'Cleaning up',
  sample: 'Making a sample Codex',
};

/** `Verifying 3 snapshots`. */
export function jobTitle(job: JobState): string {
  const title = running[job.kind];
  return job.kind === 'verify' && job.ids.length !== 1 ? `${title} ${snapshotCount(job)}` : title;
}

/** What came of a job that is over, in one sentence. */
export function jobOutcome(job: JobState): string {
  if (job.state === 'failed') return job.error?.message ?? `${running[job.kind]} failed.`;
  if (job.state === 'cancelled') return `${running[job.kind]} was cancelled.`;
  const { result } = job;
  switch (result?.kind) {
    case 'backUp':
      return 'The snapshot is taken.';
    case 'verify':
      return verifyOutcome(result.results);
    case 'drill':
      return result.result.ok ? 'The trial restore worked.' : 'The trial restore did not work.';
    case 'prune':
      return `${formatCount(result.plan.remove.length, 'snapshot')} removed.`;
    case 'sample':
      return result.problem ?? 'The sample Codex is ready.';
    case 'undo':
      return 'The restore is undone.';
    case 'restore':
    case 'restoreInto':
      return 'The restore is done.';
    case 'recover':
      return 'The interrupted restore is dealt with.';
    case undefined:
      return 'Done.';
  }
}

/** `Writing the code archive`. */
export function phaseWord(phase: ProgressEvent['phase']): string {
  return capitalise(phaseLabels[phase]);
}

function verifyOutcome(results: readonly { readonly problems: readonly unknown[] }[]): string {
  const bad = results.filter(({ problems }) => problems.length > 0).length;
  if (bad > 0) return `${formatCount(bad, 'snapshot')} of ${results.length} did not verify.`;
  return results.length === 1 ? 'The snapshot is verified.' : `${formatCount(results.length, 'snapshot')} verified.`;
}

function snapshotCount(job: JobState): string {
  return job.ids.length === 0 ? 'all snapshots' : formatCount(job.ids.length, 'snapshot');
}
