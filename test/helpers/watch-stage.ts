import { createContext, type EngineContext } from '../../src/engine/context.ts';
import type { WatchOptions } from '../../src/engine/engine.ts';
import { watch } from '../../src/engine/operations/watch.ts';
import type { Timer } from '../../src/engine/platform/clock.ts';
import type { WatchEvent, WatchSummary } from '../../src/shared/watch-events.ts';
import type { SmallCodex } from './small-codex.ts';

const startMs = Date.parse('2025-11-22T12:00:00.000Z');

/** A watcher whose time a test moves: it sleeps until the test lets it, and then its clock has moved on. */
export interface WatchStage {
  readonly context: EngineContext;
  readonly events: WatchEvent[];
  /** Every sleep that the watcher asked for, in milliseconds. */
  readonly sleeps: number[];
  now(): number;
  /** Lets the watcher go on for this long, sleep by sleep. */
  pass(milliseconds: number): Promise<void>;
  /** Sets the clock, as a sleep of the machine or a user does; the watcher notices at its next sleep's end. */
  jump(milliseconds: number): Promise<void>;
  /** What was told, without the looks, and without the background checks, which come and end when they like. */
  kinds(): readonly string[];
  end(): Promise<WatchSummary>;
}

/** Starts a watcher on a fake clock and waits until it has looked once. */
export async function stageWatch(
  codex: SmallCodex,
  beginMs = startMs,
  more: Pick<WatchOptions, 'carryCopy'> = {},
): Promise<WatchStage> {
  const time = { nowMs: beginMs };
  const sleeps: number[] = [];
  const events: WatchEvent[] = [];
  const controller = new AbortController();
  const asleep = createGate();
  let wake: (() => void) | undefined;
  const timer: Timer = {
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        sleeps.push(milliseconds);
        wake = () => {
          time.nowMs += milliseconds;
          resolve();
        };
        asleep.open();
      }),
  };
  const wakeOnce = async (): Promise<void> => {
    const next = asleep.renew();
    wake?.();
    await Promise.race([next, ended]);
  };
  const context = createContext({
    root: codex.root,
    home: codex.home,
    env: {},
    clock: { now: () => time.nowMs },
    logger: quiet,
  });
  const first = asleep.renew();
  const onEvent = (event: WatchEvent) => events.push(event);
  const ended = watch(context, { signal: controller.signal, onEvent, ...more }, timer);
  await Promise.race([first, ended]);
  return {
    context,
    events,
    sleeps,
    now: () => time.nowMs,
    pass: async (milliseconds) => {
      const untilMs = time.nowMs + milliseconds;
      while (time.nowMs < untilMs) await wakeOnce();
    },
    jump: async (milliseconds) => {
      time.nowMs += milliseconds;
      await wakeOnce();
    },
    kinds: () => events.map(({ kind }) => kind).filter((kind) => !['look', 'checking', 'checked'].includes(kind)),
    end: async () => {
      controller.abort();
      wake?.();
      const summary = await ended;
      context.state.close();
      return summary;
    },
  };
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function createGate() {
  let open = (): void => undefined;
  return {
    open: () => open(),
    renew: () =>
      new Promise<void>((resolve) => {
        open = resolve;
      }),
  };
}
