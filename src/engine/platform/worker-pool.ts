import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { JobMessage, JobReply } from './serve-jobs.ts';

/** Worker threads that live while there is work and for `idleMs` after it. They never keep the process alive. */
export interface WorkerPool<Job, Result> {
  /** Jobs that are worked on at once; more are queued. */
  readonly capacity: number;
  /** Buffers in `transfer` are handed over and can't be used here any more. */
  run(job: Job, transfer?: readonly ArrayBuffer[]): Promise<Result>;
  /** Ends the threads; jobs under way are rejected. The next `run` starts new ones. */
  close(): Promise<void>;
}

interface PoolOptions {
  readonly maxThreads?: number;
  readonly idleMs?: number;
}

interface Task<Job, Result> {
  readonly job: Job;
  readonly transfer: readonly ArrayBuffer[];
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread<Job, Result> {
  readonly worker: Worker;
  readonly tasks: Map<number, Task<Job, Result>>;
}

/** Several jobs per thread: while the main thread handles one result, the thread is at the next. */
const jobsPerThread = 4;
/** Beyond four threads the disk is the limit, and each costs about 30 MB. */
const mostThreads = 4;

/** The file of a worker that lies beside the module at `moduleUrl`: TypeScript in the sources, JavaScript when built. */
export function workerFile(name: string, moduleUrl: string): URL {
  return new URL(`./${name}${extname(new URL(moduleUrl).pathname)}`, moduleUrl);
}

/** Makes a pool whose threads run `file`, which calls `serveJobs`. Threads are started when there is work. */
export function createWorkerPool<Job, Result>(file: URL, options: PoolOptions = {}): WorkerPool<Job, Result> {
  const maxThreads = options.maxThreads ?? Math.min(availableParallelism(), mostThreads);
  const idleMs = options.idleMs ?? 30_000;
  const threads = new Set<Thread<Job, Result>>();
  const queue: Task<Job, Result>[] = [];
  let nextId = 0;
  let idleTimer: NodeJS.Timeout | undefined;

  const start = (): Thread<Job, Result> => {
    const thread: Thread<Job, Result> = { worker: startWorker(file), tasks: new Map() };
    threads.add(thread);
    thread.worker.on('message', (reply: JobReply<Result>) => settle(thread, reply));
    thread.worker.on('error', (error) => end(thread, error));
    thread.worker.on('exit', () => end(thread, new Error('A worker thread ended in the middle of its work.')));
    return thread;
  };

  const pick = (): Thread<Job, Result> | undefined => {
    const [leastBusy] = [...threads].sort((a, b) => a.tasks.size - b.tasks.size);
    if (leastBusy !== undefined && leastBusy.tasks.size === 0) return leastBusy;
    if (threads.size < maxThreads) return start();
    return leastBusy !== undefined && leastBusy.tasks.size < jobsPerThread ? leastBusy : undefined;
  };

  const dispatch = (): void => {
    for (let thread = queue.length > 0 ? pick() : undefined; thread !== undefined; ) {
      const task = queue.shift();
      if (task === undefined) return;
      if (thread.tasks.size === 0) thread.worker.ref();
      const message: JobMessage<Job> = { id: nextId, job: task.job };
      nextId += 1;
      thread.tasks.set(message.id, task);
      thread.worker.postMessage(message, [...task.transfer]);
      thread = queue.length > 0 ? pick() : undefined;
    }
  };

  const settle = (thread: Thread<Job, Result>, reply: JobReply<Result>): void => {
    const task = thread.tasks.get(reply.id);
    thread.tasks.delete(reply.id);
    dispatch();
    if (thread.tasks.size === 0) thread.worker.unref();
    if ('error' in reply) task?.reject(reply.error);
    else task?.resolve(reply.result);
    restartIdleTimer();
  };

  const end = (thread: Thread<Job, Result>, error: unknown): void => {
    threads.delete(thread);
    for (const task of thread.tasks.values()) task.reject(error);
    thread.tasks.clear();
    dispatch();
  };

  const restartIdleTimer = (): void => {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => {
      for (const thread of threads) if (thread.tasks.size === 0) void thread.worker.terminate();
    }, idleMs);
    idleTimer.unref();
  };

  return {
    capacity: maxThreads * jobsPerThread,
    run: (job, transfer = []) =>
      new Promise((resolve, reject) => {
        queue.push({ job, transfer, resolve, reject });
        dispatch();
      }),
    close: async () => {
      clearTimeout(idleTimer);
      for (const task of queue.splice(0)) task.reject(new Error('The worker threads were closed.'));
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

/** A thread finds the cache of compiled modules by the environment only, not by what the main thread enabled. */
function startWorker(file: URL): Worker {
  const cache = getCompileCacheDir();
  if (cache === undefined) return new Worker(file);
  return new Worker(file, { env: { ...process.env, NODE_COMPILE_CACHE: dirname(cache) } });
}
