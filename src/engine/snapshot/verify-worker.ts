import type { JobOutcome } from '../platform/worker-thread.ts';
import { readBack } from './read-back.ts';
import type { ReadBackJob, ReadBackResult } from './read-back-job.ts';

/** Runs in a worker thread: reads packs back. */
export async function runJob(job: ReadBackJob): Promise<JobOutcome<ReadBackResult>> {
  return { result: readBack(job), transfer: [] };
}
