import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  closeIdleThreads,
  closeThreads,
  runInThread,
  type ThreadModule,
} from '../../../src/engine/platform/worker-pool.ts';

const script = fileURLToPath(new URL('../../helpers/close-threads-late.ts', import.meta.url));

test('closing the threads is waited for, even when an answer of theirs is still on its way', {
  timeout: 120_000,
}, () => {
  for (const waitMs of [200, 400, 500, 600, 700, 800, 900]) {
    const { stdout, status } = spawnSync(process.execPath, [script, String(waitMs)], { encoding: 'utf8' });
    expect({ waitMs, stdout, status }).toEqual({ waitMs, stdout: 'done', status: 0 });
  }
});

describe('ending idle threads', () => {
  const gatedJob: ThreadModule<Int32Array<SharedArrayBuffer>, string> = {
    url: new URL('../../helpers/gated-job.ts', import.meta.url),
  };
  const newGate = () => new Int32Array(new SharedArrayBuffer(4));
  const open = (gate: Int32Array<SharedArrayBuffer>): void => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };

  test('leaves those alone that have a job, and gives none to a thread that is on its way out', async () => {
    onTestFinished(() => closeThreads());
    const [first, second, third] = [newGate(), newGate(), newGate()];
    const [quick, slow] = [runInThread(gatedJob, first), runInThread(gatedJob, second)];
    open(first);
    expect(await quick).toBe('done');
    const closing = closeIdleThreads();
    open(third);
    expect(await runInThread(gatedJob, third)).toBe('done');
    await closing;
    open(second);
    expect(await slow).toBe('done');
  });
});
