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
