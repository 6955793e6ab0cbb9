/** Entry of the thread that reads one v1.5 archive; it may be ended at any moment. */

import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { LegacyMessage } from './legacy-messages.ts';
import { readLegacy } from './legacy-read.ts';

const parent = parentPort;
if (parent === null) throw new Error('This file runs in a worker thread only.');

const post = (message: LegacyMessage): void => parent.postMessage(message);
const ask = async (message: LegacyMessage): Promise<void> => {
  post(message);
  await once(parent, 'message');
};
post(await readLegacy(workerData, { post, ask }));
parent.close();
