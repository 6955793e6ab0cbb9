import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { entryModule } from '../platform/entry-module.ts';
import { hashFile } from '../platform/hash-file.ts';

/** A thread takes as long to start as so much takes to hash. */
const worthThreadBytes = 16_000_000;

/**
 * sha256 of a staged copy, in hex, made while SQLite keeps this thread; a small file is hashed when it lets go. For what
 * nobody else knows of only: that the file is closed here drops the locks of SQLite in this process.
 */
export async function hashBeside(file: string): Promise<string> {
  return statSync(file).size > worthThreadBytes ? hashInThread(file) : hashFile(file);
}

function hashInThread(file: string): Promise<string> {
  const worker = new Worker(entryModule('./hash-worker', import.meta.url), { workerData: file });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that hashes ${file} ended with ${code}`)));
  });
}
