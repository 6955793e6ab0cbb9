/** Entry of the worker threads that read, tar and compress. */

import { createScratch } from '../platform/scratch.ts';
import { serveJobs } from '../platform/serve-jobs.ts';
import { compressPack } from './compress-pack.ts';
import { makePack } from './make-pack.ts';
import type { WorkerJob, WorkerResult } from './pack-job.ts';
import { packLimitBytes } from './plan-packs.ts';

/** Holds what is read of one pack, and its tar. */
const scratch = createScratch(4 * packLimitBytes);

serveJobs(answer, buffersOf);

async function answer(job: WorkerJob): Promise<WorkerResult> {
  switch (job.kind) {
    case 'pack':
      scratch.clear();
      return makePack(job, scratch.allocate);
    case 'compress':
      return { kind: 'compressed', member: compressPack(job.raw) };
    case 'warm':
      return { kind: 'warm' };
  }
}

function buffersOf(result: WorkerResult): ArrayBuffer[] {
  const buffer = 'member' in result ? result.member.bytes.buffer : undefined;
  return buffer instanceof ArrayBuffer ? [buffer] : [];
}
