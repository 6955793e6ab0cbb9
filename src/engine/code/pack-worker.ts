import { createScratch } from '../platform/scratch.ts';
import type { JobOutcome } from '../platform/worker-thread.ts';
import { compressPack } from './compress-pack.ts';
import { makePack } from './make-pack.ts';
import type { WorkerJob, WorkerResult } from './pack-job.ts';
import { packLimitBytes } from './plan-packs.ts';

/** Holds what is read of one pack, and its tar. */
const scratch = createScratch(3 * packLimitBytes);

/** Runs in a worker thread: reads, tars and compresses. */
export async function runJob(job: WorkerJob): Promise<JobOutcome<WorkerResult>> {
  const result = await answer(job);
  const buffer = 'member' in result ? result.member.bytes.buffer : undefined;
  return { result, transfer: buffer instanceof ArrayBuffer ? [buffer] : [] };
}

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
