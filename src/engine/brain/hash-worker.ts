/** Entry of the thread that hashes one file. */

import { parentPort, workerData } from 'node:worker_threads';
import { hashFile } from '../platform/hash-file.ts';

parentPort?.postMessage(await hashFile(workerData));
