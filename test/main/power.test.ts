import { EventEmitter } from 'node:events';
import type { PowerMonitor, PowerSaveBlocker } from 'electron';
import { expect, test } from 'vitest';
import { type AppView, emptyView } from '../../src/main/app-view.ts';
import { setUpPower } from '../../src/main/power.ts';
import { createJob } from './support/views.ts';

function stage() {
  const monitor = new EventEmitter();
  const awake = new Set<number>();
  const done: string[] = [];
  let tell: (view: AppView) => void = () => undefined;
  let last = 0;
  setUpPower({
    powerMonitor: monitor as unknown as PowerMonitor,
    powerSaveBlocker: {
      start: () => {
        last += 1;
        awake.add(last);
        return last;
      },
      stop: (id: number) => awake.delete(id),
    } as unknown as PowerSaveBlocker,
    onChange: (listener) => {
      tell = listener;
    },
    wake: () => done.push('looks at what is due'),
    endSafely: () => done.push('ends safely'),
  });
  return { monitor, awake, done, jobs: (jobs: AppView['jobs']) => tell({ ...emptyView, jobs }) };
}

test('the machine stays awake during a restore, an undo and a recovery, and no longer', () => {
  const { awake, jobs } = stage();
  for (const kind of ['restore', 'undo', 'recover'] as const) {
    jobs([createJob({ kind })]);
    jobs([createJob({ kind }), createJob()]);
    expect(awake.size).toBe(1);
    jobs([createJob()]);
    expect(awake.size).toBe(0);
  }
});

test('after sleep what is due is looked up, and a shutdown waits for a safe end', () => {
  const { monitor, done } = stage();
  monitor.emit('resume');
  let isPrevented = false;
  monitor.emit('shutdown', {
    preventDefault: () => {
      isPrevented = true;
    },
  });
  expect(isPrevented).toBe(true);
  expect(done).toEqual(['looks at what is due', 'ends safely']);
});
