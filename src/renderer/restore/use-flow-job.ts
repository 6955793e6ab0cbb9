import { useEffect } from 'react';
import type { JobState } from '../../shared/protocol/jobs.ts';
import { links } from '../app/routes.ts';
import { useCall } from '../client/use-call.ts';
import { useJobs } from '../client/use-jobs.ts';

/** The job that the address names. A restore that runs, whoever began it, takes its place: there is only ever one. */
export function useFlowJob(query: URLSearchParams): JobState | undefined {
  const named = query.get('job') ?? '';
  const jobs = useJobs();
  const running = jobs.find(({ kind, state }) => state === 'running' && (kind === 'restore' || kind === 'undo'));
  const runningHref = running === undefined || running.id === named ? undefined : hrefOf(running);
  // So that its end is shown here as well, also after a reload.
  useEffect(() => {
    if (runningHref !== undefined) window.location.replace(runningHref);
  }, [runningHref]);
  const heard = jobs.find(({ id }) => id === named);
  // After a reload what has ended is known to the host alone.
  const asked = useCall(
    'job',
    { id: named },
    { enabled: named !== '' && heard === undefined && running === undefined },
  );
  if (running !== undefined) return running;
  return named === '' ? undefined : (heard ?? asked.data?.job);
}

/** Where a restore or an undo is shown. */
export function hrefOf({ kind, ids: [source], id }: Pick<JobState, 'kind' | 'ids' | 'id'>): string {
  if (kind === 'restore' && source !== undefined) return links.restore(source, { job: id });
  return `${links.undo()}?job=${encodeURIComponent(id)}`;
}
