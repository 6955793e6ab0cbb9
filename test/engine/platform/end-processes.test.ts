import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { endProcesses } from '../../../src/engine/platform/end-processes.ts';

test('none is given up that was not killed, also where finding them took longer than the limit', async () => {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  await endProcesses(
    async (running) => {
      await setTimeout(20);
      return running.filter(({ pid }) => pid === child.pid);
    },
    { graceMs: 0, limitMs: 1 },
  );
  expect(await ended).toEqual([null, 'SIGKILL']);
});
