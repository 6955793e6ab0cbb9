/** Entry of the worker threads that read archives back. */
import { serveJobs } from '../platform/serve-jobs.ts';
import { readBack } from './read-back.ts';
import type { ReadBackJob, ReadBackResult } from './read-back-job.ts';

serveJobs(async (job: ReadBackJob): Promise<ReadBackResult> => ({ findings: readBack(job) }));
