import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Makes the same folders as the others, each of them at the same moment. */
const maker = `
import { workerData } from 'node:worker_threads';
const { module, folder, count, turns } = workerData;
const { makeFolder } = await import(module);
for (let i = 0; i < count; i += 1) {
  Atomics.add(turns, i, 1);
  while (Atomics.load(turns, i) < 2);
  makeFolder(folder + '/' + i);
}
`;

test('two who make the same folder at the same moment both have it', async () => {
  const folder = temporaryFolder();
  const count = 100;
  const turns = new Int32Array(new SharedArrayBuffer(4 * count));
  const module = pathToFileURL(join(import.meta.dirname, '../../../src/engine/platform/make-folder.ts')).href;
  const workerData = { module, folder, count, turns };
  const source = new URL(`data:text/javascript,${encodeURIComponent(maker)}`);
  const makers = [new Worker(source, { workerData }), new Worker(source, { workerData })];
  await Promise.all(makers.map((worker) => once(worker, 'exit')));
  expect(statSync(join(folder, String(count - 1))).mode & 0o777).toBe(0o700);
});
