import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { entryModule } from './entry-module.ts';
import type { JobMessage, JobReply } from './worker-thread.ts';

/** Several jobs per thread: while the main thread handles one result, the thread is at the next. */
const jobsPerThread = 4;
/** Beyond four threads the disk is the limit, and each costs about 30 MB. */
const maxThreads = Math.min(availableParallelism(), 4);
const idleMs = 30_000;

/** How many jobs are worked on at once; more are queued. */
export const threadCapacity = maxThreads * jobsPerThread;

/** A module whose `runJob` takes a Job in a thread and answers a Result. */
export interface ThreadModule<Job, Result> {
  readonly url: URL;
  /** Never called: binds the types. */
  readonly types?: (job: Job) => Result;
}

interface Task {
  readonly module: URL;
  readonly job: unknown;
  readonly transfer: readonly ArrayBuffer[];
  /** Its type is that of the module's answers, see `runInThread`. */
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly tasks: Map<number, Task>;
}

const threads = new Set<Thread>();
const queue: Task[] = [];
let nextId = 0;
let idleTimer: NodeJS.Timeout | undefined;

/**
 * Runs a job in a thread. Threads are shared by all modules, started when there is work, kept for 30 s after it, and
 * never keep the process alive. Buffers in `transfer` are handed over and can't be used here any more.
 */
export function runInThread<Job, Result>(
  module: ThreadModule<Job, Result>,
  job: Job,
  transfer: readonly ArrayBuffer[] = [],
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    queue.push({ module: module.url, job, transfer, resolve, reject });
    dispatch();
  });
}

/** Ends the threads; jobs under way are rejected. The next job starts new ones. */
export async function closeThreads(): Promise<void> {
  clearTimeout(idleTimer);
  const closed = new Error('The worker threads were closed.');
  for (const task of queue.splice(0)) task.reject(closed);
  await Promise.all([...threads].map((thread) => endThread(thread, closed)));
}

/** Ends the threads that have nothing to do; others go on. */
export async function closeIdleThreads(): Promise<void> {
  const idle = [...threads].filter(({ tasks }) => tasks.size === 0);
  // Out of the pool at once: a job that comes while they end must not be given to them.
  for (const thread of idle) threads.delete(thread);
  await Promise.all(idle.map(({ worker }) => worker.terminate()));
}

/** An answer that is still on its way must not be handled: it would let the process end before the thread has. */
async function endThread(thread: Thread, reason: Error): Promise<void> {
  thread.worker.removeAllListeners('message');
  end(thread, reason);
  await thread.worker.terminate();
}

function dispatch(): void {
  while (queue.length > 0) {
    const thread = pickThread();
    const task = thread === undefined ? undefined : queue.shift();
    if (thread === undefined || task === undefined) return;
    if (thread.tasks.size === 0) thread.worker.ref();
    const message: JobMessage = { id: nextId, module: task.module.href, job: task.job };
    nextId += 1;
    thread.tasks.set(message.id, task);
    thread.worker.postMessage(message, [...task.transfer]);
  }
}

/** An idle thread, else a new one, else the one with the least to do; undefined when all have enough. */
function pickThread(): Thread | undefined {
  const [leastBusy] = [...threads].sort((a, b) => a.tasks.size - b.tasks.size);
  if (leastBusy !== undefined && leastBusy.tasks.size === 0) return leastBusy;
  if (threads.size < maxThreads) return startThread();
  return leastBusy !== undefined && leastBusy.tasks.size < jobsPerThread ? leastBusy : undefined;
}

function startThread(): Thread {
  const thread: Thread = { worker: startWorker(), tasks: new Map() };
  threads.add(thread);
  thread.worker.on('message', (reply: JobReply) => settle(thread, reply));
  thread.worker.on('error', (error) => end(thread, error));
  thread.worker.on('exit', () => end(thread, new Error('A worker thread ended in the middle of its work.')));
  return thread;
}

function startWorker(): Worker {
  // Short-lived buffers should be collected early: memory counts more here than a few collections.
  const resourceLimits = { maxYoungGenerationSizeMb: 8 };
  // A thread finds the cache of compiled modules by the environment only, not by what the main thread enabled.
  const cache = getCompileCacheDir();
  const env = cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) };
  return new Worker(entryModule('./worker-thread', import.meta.url), { env, resourceLimits });
}

function settle(thread: Thread, reply: JobReply): void {
  const task = thread.tasks.get(reply.id);
  thread.tasks.delete(reply.id);
  dispatch();
  if (thread.tasks.size === 0) thread.worker.unref();
  if ('error' in reply) task?.reject(withSystemCode(reply.error, reply.systemCode));
  else task?.resolve(reply.result as never);
  restartIdleTimer();
}

function withSystemCode(error: unknown, code: string | undefined): unknown {
  return error instanceof Error && code !== undefined ? Object.assign(error, { code }) : error;
}

function end(thread: Thread, error: unknown): void {
  if (!threads.delete(thread)) return;
  for (const task of thread.tasks.values()) task.reject(error);
  dispatch();
}

function restartIdleTimer(): void {
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => void closeIdleThreads(), idleMs);
  idleTimer.unref();
}
