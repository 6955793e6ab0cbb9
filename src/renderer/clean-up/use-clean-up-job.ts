import { useState } from 'react';
import type { JobState } from '../../shared/protocol/jobs.ts';
import { useJobs, useStartJob } from '../client/use-jobs.ts';

/** Removing what a plan has shown: the job that does it, and what came of the last one that was begun here. */
export function useCleanUpJob() {
  const start = useStartJob();
  const jobs = useJobs();
  const [begun, setBegun] = useState<string>();
  const running = jobs.find(({ kind, state }) => kind === 'prune' && state === 'running');
  const ended = jobs.find(({ id, state }) => id === begun && state !== 'running');
  return {
    running,
    ended,
    isStarting: start.isPending,
    error: start.error,
    begin: (only: readonly string[]) =>
      start.mutate({ job: { kind: 'prune', only: [...only] } }, { onSuccess: (job: JobState) => setBegun(job.id) }),
    forget: () => {
      setBegun(undefined);
      start.reset();
    },
  };
}

export type CleanUpJob = ReturnType<typeof useCleanUpJob>;
