/** Entry of the worker threads that read, tar and compress. */

import { serveJobs } from '../platform/serve-jobs.ts';
import { compressPack } from './compress-pack.ts';
import { makePack } from './make-pack.ts';
import type { WorkerJob, WorkerResult } from './pack-job.ts';

serveJobs(async (job: WorkerJob): Promise<WorkerResult> => {
  switch (job.kind) {
    case 'pack':
      return makePack(job);
    case 'compress':
      return { kind: 'compressed', member: compressPack(job.raw) };
    case 'warm':
      return { kind: 'warm' };
  }
});
