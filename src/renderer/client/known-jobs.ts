import type { JobState } from '../../shared/protocol/jobs.ts';

/** Where the query cache keeps the jobs that events have told of. */
export const jobsKey = ['jobs'] as const;

/** Oldest first; of the same job the newer state. */
export function mergeJobs(jobs: readonly JobState[], newer: readonly JobState[]): readonly JobState[] {
  const byId = new Map([...jobs, ...newer].map((job) => [job.id, job]));
  return [...byId.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

export function rememberJob(job: JobState) {
  return (jobs: readonly JobState[] | undefined) => mergeJobs(jobs ?? [], [job]);
}

/** After a lost connection only the status knows what still runs. */
export function forgetRunning(jobs: readonly JobState[] | undefined): readonly JobState[] {
  return (jobs ?? []).filter(({ state }) => state !== 'running');
}
