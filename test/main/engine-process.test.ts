import { describe, expect, onTestFinished, test } from 'vitest';
import { type EngineProcess, keepEngineProcess } from '../../src/main/engine-process.ts';
import type { MessageFromEngine, MessageToEngine } from '../../src/shared/app-messages.ts';
import { type Behaviour, forkEngines } from './support/child-engine.ts';

const begin: MessageToEngine = {
  kind: 'start',
  mainPid: process.pid,
  record: { format: 1, executable: '/app', arguments: [], pid: 1, startedAt: '2025-11-22T03:35:57.396Z' },
};

interface Stage {
  readonly engine: EngineProcess;
  readonly heard: MessageFromEngine['kind'][];
  readonly losses: { readonly why: string; readonly pauseMs: number }[];
  readonly pids: number[];
}

function stage(...behaviours: readonly [Behaviour, ...Behaviour[]]): Stage {
  const heard: MessageFromEngine['kind'][] = [];
  const losses: { why: string; pauseMs: number }[] = [];
  const pids: number[] = [];
  const forkNext = forkEngines(...behaviours);
  const silent = () => undefined;
  const engine = keepEngineProcess({
    fork: () => {
      const child = forkNext();
      pids.push(child.pid ?? 0);
      return child;
    },
    begin: () => begin,
    onMessage: ({ kind }) => heard.push(kind),
    onLost: (why, pauseMs) => losses.push({ why, pauseMs }),
    log: { info: silent, warn: silent, error: silent },
    now: () => performance.now(),
    // A process of a busy machine takes seconds before it answers at all.
    heartbeat: { everyMs: 50, mostMissed: 120 },
  });
  onTestFinished(() => engine.end(100));
  return { engine, heard, losses, pids };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const patient = { timeout: 40_000, interval: 20 };
const timesReady = ({ heard }: Stage): number => heard.filter((kind) => kind === 'ready').length;

describe('the engine process', () => {
  test('answers, ends when it is asked to, and is gone then', async () => {
    const place = stage('answers');
    await expect.poll(() => place.heard, patient).toContain('pong');
    await place.engine.end(10_000);
    expect(place.heard).toContain('ended');
    expect(place.pids.map(isAlive)).toEqual([false]);
    expect(place.losses).toEqual([]);
  });

  test('is started again after a crash, with a growing pause', async () => {
    const place = stage('answers');
    for (const round of [1, 2]) {
      await expect.poll(() => timesReady(place), patient).toBe(round);
      place.engine.post({ kind: 'wake' });
    }
    await expect.poll(() => timesReady(place), patient).toBe(3);
    expect(place.losses).toEqual([
      { why: 'it ended with 3', pauseMs: 500 },
      { why: 'it ended with 3', pauseMs: 1000 },
    ]);
    expect(new Set(place.pids).size).toBe(3);
  });

  test('that leaves with 0 though nobody asked is lost like any other: an exit code is no success', async () => {
    const place = stage('leaves', 'answers');
    await expect.poll(() => timesReady(place), patient).toBe(1);
    place.engine.post({ kind: 'wake' });
    await expect.poll(() => timesReady(place), patient).toBe(2);
    expect(place.losses.map(({ why }) => why)).toEqual(['it ended with 0']);
  });

  test('that hangs is killed, and another one started', async () => {
    const place = stage('hangs', 'answers');
    await expect.poll(() => timesReady(place), patient).toBe(2);
    expect(place.losses.map(({ why }) => why)).toEqual(['it did not answer any more']);
    expect(place.pids.map(isAlive)).toEqual([false, true]);
  });

  test('that can not start says why', async () => {
    const place = stage('fails', 'answers');
    await expect.poll(() => timesReady(place), patient).toBe(2);
    expect(place.losses.map(({ why }) => why)).toEqual(['The disk is gone.']);
  });

  test('that does not end in time is killed', async () => {
    const place = stage('stays');
    await expect.poll(() => timesReady(place), patient).toBe(1);
    await place.engine.end(100);
    expect(place.pids.map(isAlive)).toEqual([false]);
  });
});
