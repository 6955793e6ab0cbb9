import { closeThreads, runInThread, threadCapacity, threadModule } from '../platform/worker-pool.ts';
import type { Member, PackJob, PackResult, WorkerJob, WorkerResult } from './pack-job.ts';

const packWorker = threadModule<WorkerJob, WorkerResult>('pack-worker', import.meta.url);

/** Makes one pack in a worker thread. */
export async function makePackInThread(job: PackJob): Promise<PackResult> {
  const result = await runInThread(packWorker, job);
  if (result.kind === 'compressed' || result.kind === 'warm') throw new Error(`Unexpected answer: ${result.kind}`);
  return result;
}

/** Compresses raw tar bytes in a worker thread, which takes the buffer over. */
export async function compressInThread(raw: Uint8Array<ArrayBuffer>): Promise<Member> {
  const result = await runInThread(packWorker, { kind: 'compress', raw }, [raw.buffer]);
  if (result.kind !== 'compressed') throw new Error(`Unexpected answer: ${result.kind}`);
  return result.member;
}

/** Starts the threads and loads what they need, so that a walk and the loading go on at the same time. */
export async function warmWorkers(): Promise<void> {
  await Promise.all(Array.from({ length: threadCapacity }, () => runInThread(packWorker, { kind: 'warm' })));
}

/** Ends all worker threads; the next archive or verification starts new ones. */
export async function closeWorkers(): Promise<void> {
  await closeThreads();
}
