import type { JobOutcome } from '../../src/engine/platform/worker-thread.ts';

/** A job for a worker thread that ends when its gate, a shared number, is not 0 any more. */
export async function runJob(gate: Int32Array<SharedArrayBuffer>): Promise<JobOutcome<string>> {
  Atomics.wait(gate, 0, 0);
  return { result: 'done', transfer: [] };
}
