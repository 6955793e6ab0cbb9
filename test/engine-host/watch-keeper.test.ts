import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import { createWatchKeeper } from '../../src/engine-host/watch-keeper.ts';

const startMs = Date.parse('2026-03-02T18:00:00Z');
const hourMs = 3_600_000;

/** A keeper over watches that run until they are told to end, and then take a turn of the loop for it. */
function stage() {
  let nowMs = startMs;
  let running = 0;
  let most = 0;
  const watch: Engine['watch'] = async ({ signal, onEvent }) => {
    running += 1;
    most = Math.max(most, running);
    await setImmediate();
    const startedAt = new Date(nowMs).toISOString();
    onEvent?.({ kind: 'started', time: startedAt, root: '/codex' } as never);
    await new Promise((resolve) => {
      if (signal.aborted) resolve(undefined);
      else signal.addEventListener('abort', resolve);
    });
    await setImmediate();
    running -= 1;
    return { startedAt, endedAt: startedAt, looks: 0, snapshots: [], failures: 0 } as never;
  };
  const silent = (): void => undefined;
  const keeper = createWatchKeeper({
    engine: () => ({ watch }) as Engine,
    now: () => nowMs,
    onEvent: silent,
    onProgress: silent,
    onChange: silent,
  });
  onTestFinished(() => keeper.close());
  return {
    keeper,
    running: () => running,
    most: () => most,
    sleep: (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
}

const isHere = (keeper: ReturnType<typeof stage>['keeper']) => expect.poll(() => keeper.watching().kind).toBe('here');

test('two restarts at once leave one watch, which ends with the keeper', async () => {
  const { keeper, running, most } = stage();
  await isHere(keeper);
  await Promise.all([keeper.restart(), keeper.restart()]);
  await isHere(keeper);
  await setImmediate();
  expect(most()).toBe(1);
  await keeper.close();
  expect(running()).toBe(0);
});

test('a pause that comes while it is restarted holds, and one that is taken back at once does not', async () => {
  const { keeper, running } = stage();
  await isHere(keeper);
  await Promise.all([keeper.restart(), keeper.pause(null)]);
  expect(keeper.watching().kind).toBe('paused');
  expect(running()).toBe(0);
  keeper.resume();
  await isHere(keeper);
  const paused = keeper.pause(null);
  keeper.resume();
  await paused;
  await isHere(keeper);
});

test('a pause that has ended while the machine slept ends when it wakes, whatever its timer has missed', async () => {
  const { keeper, sleep } = stage();
  await isHere(keeper);
  await keeper.pause(startMs + 14 * hourMs);
  sleep(13 * hourMs);
  await keeper.restart();
  expect(keeper.watching().kind).toBe('paused');
  sleep(2 * hourMs);
  await keeper.restart();
  await isHere(keeper);
});
