import type { JobState } from '../../shared/protocol/jobs.ts';
import { useCall } from '../client/use-call.ts';
import { useJobs } from '../client/use-jobs.ts';

/** The job that the address names, or else a restore that runs: there is only ever one. */
export function useFlowJob(query: URLSearchParams): JobState | undefined {
  const named = query.get('job') ?? '';
  const jobs = useJobs();
  const running = jobs.find(({ kind, state }) => state === 'running' && (kind === 'restore' || kind === 'undo'));
  const heard = named === '' ? running : jobs.find(({ id }) => id === named);
  // After a reload what has ended is known to the host alone.
  const asked = useCall('job', { id: named }, { enabled: named !== '' && heard === undefined });
  return heard ?? (named === '' ? undefined : asked.data?.job);
}
