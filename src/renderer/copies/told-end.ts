import type { JobState } from '../../shared/protocol/jobs.ts';

/**
 * Of the jobs of one copy, oldest first: the one whose end its card tells. A snapshot that was brought can be restored
 * however often the copy is brought up to date after it; what the watcher did or failed at is the state of the copy.
 */
export function toldEnd(jobs: readonly JobState[]): JobState | undefined {
  const ended = jobs.filter(({ state, kind }) => state !== 'running' && kind !== 'testCopy');
  const newest = ended.at(-1);
  return ended.findLast(
    (job) => job.kind === 'fetchCopy' || (job === newest && (job.by === 'user' || job.state === 'cancelled')),
  );
}
