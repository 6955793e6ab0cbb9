import { parentPort } from 'node:worker_threads';

/** One message to a worker thread and its answer; `id` pairs them. */
export interface JobMessage<Job> {
  readonly id: number;
  readonly job: Job;
}

export type JobReply<Result> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly error: unknown };

/**
 * Answers the jobs that a worker pool sends to this thread, one after the other, so that memory holds one at a time.
 * `buffersOf` names what of a result is handed over instead of copied.
 */
export function serveJobs<Job, Result>(
  handle: (job: Job) => Promise<Result>,
  buffersOf: (result: Result) => readonly ArrayBuffer[] = () => [],
): void {
  const port = parentPort;
  if (port === null) throw new Error('This file runs in a worker thread only.');
  const answer = async ({ id, job }: JobMessage<Job>): Promise<JobReply<Result>> =>
    handle(job).then(
      (result) => ({ id, result }),
      (error: unknown) => ({ id, error }),
    );
  let last = Promise.resolve();
  port.on('message', (message: JobMessage<Job>) => {
    last = last.then(async () => {
      const reply = await answer(message);
      port.postMessage(reply, 'result' in reply ? [...buffersOf(reply.result)] : []);
    });
  });
}
