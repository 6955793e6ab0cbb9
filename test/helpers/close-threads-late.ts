import { closeWorkers, warmWorkers } from '../../src/engine/code/pack-pool.ts';

/** Starts the worker threads, and closes them just when a thread has answered: its message is still to be handled. */
const cell = new Int32Array(new SharedArrayBuffer(4));
warmWorkers();
const startedAt = performance.now();
const waitMs = Number(process.argv[2]);
while (performance.now() - startedAt < waitMs) {
  // The event loop turns, so that the threads load, but for a while before the end it does not.
  await new Promise((resolve) => setImmediate(resolve));
  if (performance.now() - startedAt > waitMs / 2) Atomics.wait(cell, 0, 0, waitMs / 2);
}
await closeWorkers();
process.stdout.write('done');
