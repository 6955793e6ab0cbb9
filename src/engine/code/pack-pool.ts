import { entryModule } from '../platform/entry-module.ts';
import { closeThreads, runInThread, type ThreadModule, threadCapacity } from '../platform/worker-pool.ts';
import type { Member, PackJob, PackResult, WorkerJob, WorkerResult } from './pack-job.ts';

const packWorker: ThreadModule<WorkerJob, WorkerResult> = { url: entryModule('./pack-worker', import.meta.url) };

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

/** Starts the threads and loads what they need, while other work goes on. A failure shows in the first real job. */
export function warmWorkers(): void {
  for (let i = 0; i < threadCapacity; i += 1) {
    runInThread(packWorker, { kind: 'warm' }).catch((error: unknown) => error);
  }
}

/** Ends all worker threads; the next archive or verification starts new ones. */
export async function closeWorkers(): Promise<void> {
  await closeThreads();
}
