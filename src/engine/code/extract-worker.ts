import type { JobOutcome } from '../platform/worker-thread.ts';
import type { ExtractJob, ExtractResult } from './extract-job.ts';
import { extractPacks } from './extract-packs.ts';

/** Runs in a worker thread: reads packs of our own archive and writes the files in them. */
export async function runJob(job: ExtractJob): Promise<JobOutcome<ExtractResult>> {
  return { result: await extractPacks(job), transfer: [] };
}
