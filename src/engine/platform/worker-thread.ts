/** Entry of every worker thread: runs the jobs that the pool sends, one after the other, so that memory holds one. */
import { parentPort } from 'node:worker_threads';
import { systemErrorCode } from '../../shared/app-error.ts';

/** One message to a thread: which module's `runJob` gets the job. `id` pairs it with its answer. */
export interface JobMessage {
  readonly id: number;
  readonly module: string;
  readonly job: unknown;
}

export type JobReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: unknown; readonly systemCode: string | undefined };

/** What a module that runs in threads exports. */
export interface JobModule {
  runJob(job: unknown): Promise<JobOutcome<unknown>>;
}

export interface JobOutcome<Result> {
  readonly result: Result;
  /** Memory of the result that is handed over instead of copied. */
  readonly transfer: readonly ArrayBuffer[];
}

const port = parentPort;
let last = Promise.resolve();

port?.on('message', (message: JobMessage) => {
  last = last.then(() => answer(message));
});

async function answer({ id, module, job }: JobMessage): Promise<void> {
  try {
    const { runJob }: JobModule = await import(module);
    const { result, transfer } = await runJob(job);
    port?.postMessage({ id, result } satisfies JobReply, [...transfer]);
  } catch (error) {
    // A message carries an error without its code.
    port?.postMessage({ id, error, systemCode: systemErrorCode(error) } satisfies JobReply);
  }
}
