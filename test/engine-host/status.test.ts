import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { createStatus } from '../main/support/views.ts';
import { createMemoryHost, openWindow } from './memory-host.ts';

test('who is at work is told where it is another process, and not where it is this one', async () => {
  const startedAt = new Date().toISOString();
  let pid = process.pid;
  const status = async () => createStatus({ holder: { pid, host: hostname(), what: 'recover', startedAt } });
  const { host, defects } = await createMemoryHost({ status, restores: async () => [] });
  const window = openWindow(host);
  expect(await window.call('status', {})).toMatchObject({ holder: null });
  pid = process.ppid;
  expect(await window.call('status', {})).toMatchObject({ holder: { pid, what: 'recover' } });
  expect(defects).toEqual([]);
});

test('the answer is never older than the question: what is being read already is not given to who asks now', async () => {
  let snapshots = 0;
  const reading = Promise.withResolvers<void>();
  const status = async () => {
    const read = createStatus({ snapshots });
    await reading.promise;
    return read;
  };
  const { host } = await createMemoryHost({ status, restores: async () => [] });
  const window = openWindow(host);
  const before = window.call('status', {});
  await window.call('activity', {}).catch(() => undefined); // by now the first is being read
  snapshots = 1;
  const after = window.call('status', {});
  reading.resolve();
  expect([await before, await after]).toMatchObject([{ snapshots: 0 }, { snapshots: 1 }]);
});
