import { createWorkerPool, type WorkerPool, workerFile } from '../platform/worker-pool.ts';
import type { Member, PackJob, PackResult, WorkerJob, WorkerResult } from './pack-job.ts';

let pool: WorkerPool<WorkerJob, WorkerResult> | undefined;

/** Makes one pack in a worker thread. */
export async function makePackInThread(job: PackJob): Promise<PackResult> {
  const result = await packPool().run(job);
  if (result.kind === 'compressed' || result.kind === 'warm') throw new Error(`Unexpected answer: ${result.kind}`);
  return result;
}

/** Compresses raw tar bytes in a worker thread, which takes the buffer over. */
export async function compressInThread(raw: Uint8Array<ArrayBuffer>): Promise<Member> {
  const result = await packPool().run({ kind: 'compress', raw }, [raw.buffer]);
  if (result.kind !== 'compressed') throw new Error(`Unexpected answer: ${result.kind}`);
  return result.member;
}

/** How many packs may be under way at once. */
export function packCapacity(): number {
  return packPool().capacity;
}

/** Starts the threads and loads what they need, so that a walk and the loading go on at the same time. */
export async function warmWorkers(): Promise<void> {
  const { capacity, run } = packPool();
  await Promise.all(Array.from({ length: capacity }, () => run({ kind: 'warm' })));
}

/** Ends the threads that pack; the next archive starts new ones. */
export async function closeWorkers(): Promise<void> {
  await pool?.close();
}

function packPool(): WorkerPool<WorkerJob, WorkerResult> {
  pool ??= createWorkerPool(workerFile('pack-worker', import.meta.url));
  return pool;
}
