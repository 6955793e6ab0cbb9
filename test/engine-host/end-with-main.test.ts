import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { endWithMain } from '../../src/engine-host/end-with-main.ts';

function stage(close: () => Promise<void>) {
  const main = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  onTestFinished(() => void main.kill('SIGKILL'));
  const done: string[] = [];
  const host = {
    close: () => {
      done.push('close');
      return close();
    },
  };
  const exit = (): void => void done.push('exit');
  const stop = endWithMain({ mainPid: main.pid ?? 0, host, exit, everyMs: 20, closeMs: 100 });
  onTestFinished(stop);
  return { main, done };
}

test('when main is gone, what runs is cancelled, and the process ends', async () => {
  const { main, done } = stage(async () => undefined);
  await new Promise((resolve) => main.once('spawn', resolve));
  expect(done).toEqual([]);
  main.kill('SIGKILL');
  await expect.poll(() => done).toEqual(['close', 'exit']);
});

test('what can not be cancelled in time is broken off', async () => {
  const { main, done } = stage(() => new Promise(() => undefined));
  main.kill('SIGKILL');
  await expect.poll(() => done).toEqual(['close', 'exit']);
});
