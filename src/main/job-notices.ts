import type { JobState } from '../shared/protocol/jobs.ts';
import { isRestore } from '../shared/restoring.ts';
import type { Notice } from './notice.ts';

/** What a job that has ended is worth telling; failures of the watcher's own are a condition, and told as that. */
export function planJobNotice(job: JobState): Notice | undefined {
  switch (job.kind) {
    case 'backUp':
      return job.state === 'failed' && job.by === 'user' ? failedBackUp(job.error?.message ?? '') : undefined;
    case 'restore':
    case 'undo':
    case 'restoreInto':
    case 'recover':
      return planRestoreNotice(job);
    default:
      return undefined;
  }
}

/** The engine process has ended, and the job with it. */
export function planLostNotice(job: JobState, why: string): Notice | undefined {
  if (job.kind === 'backUp')
    return failedBackUp(`The engine stopped (${why}) and is started again. Nothing half-made is left.`);
  if (!isRestore(job)) return undefined;
  const body = `The engine stopped (${why}). As soon as it runs again, the restore is finished or rolled back.`;
  return { kind: 'restores', title: 'The restore was interrupted', body, hash: '#/' };
}

/** The engine process ends again and again before it can answer anything. */
export const planBrokenNotice = (why: string): Notice => ({
  kind: 'failed',
  title: 'Nothing is backed up',
  body: `The engine does not start (${why}). It is tried again every minute; the logs say more.`,
  hash: '#/',
});

const failedBackUp = (body: string): Notice => ({ kind: 'failed', title: 'Backing up failed', body, hash: '#/' });

function planRestoreNotice({ kind, state, error, result }: JobState): Notice | undefined {
  const notice = (title: string, body: string): Notice => ({ kind: 'restores', title, body, hash: '#/activity' });
  const what = kind === 'undo' ? 'undo' : 'restore';
  if (state === 'done') {
    // Told from the activity, where those stand as well that no job of ours has ended.
    if (kind === 'recover') return undefined;
    const problem = result !== null && 'report' in result && result.kind !== 'copy' ? result.report.startProblem : null;
    return notice(
      `The ${what} is done`,
      problem ?? (kind === 'restoreInto' ? 'Everything is in the folder.' : 'Codex is back.'),
    );
  }
  if (error?.code === 'restore-rolled-back') return notice(`The ${what} was rolled back`, error.message);
  if (error?.code === 'rollback-failed')
    return notice(`The ${what} needs you`, `${error.message} ${error.hint}`.trim());
  return state === 'failed' && error !== null ? notice(`The ${what} failed`, error.message) : undefined;
}
