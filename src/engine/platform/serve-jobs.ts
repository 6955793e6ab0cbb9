import { parentPort } from 'node:worker_threads';

/** One message to a worker thread and its answer; `id` pairs them. */
export interface JobMessage<Job> {
  readonly id: number;
  readonly job: Job;
}

export type JobReply<Result> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly error: unknown };

/** Answers the jobs that a worker pool sends to this thread. */
export function serveJobs<Job, Result>(handle: (job: Job) => Promise<Result>): void {
  const port = parentPort;
  if (port === null) throw new Error('This file runs in a worker thread only.');
  port.on('message', ({ id, job }: JobMessage<Job>) => {
    handle(job).then(
      (result) => port.postMessage({ id, result } satisfies JobReply<Result>),
      (error: unknown) => port.postMessage({ id, error } satisfies JobReply<Result>),
    );
  });
}
