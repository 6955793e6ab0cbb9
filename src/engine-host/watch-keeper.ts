import type { WatchOptions } from '../engine/engine.ts';
import type { Engine } from '../engine/index.ts';
import { AppError, type ErrorReport, reportError } from '../shared/app-error.ts';
import type { ProgressEvent } from '../shared/progress.ts';
import type { PanelStatus, Watching } from '../shared/protocol/status-views.ts';
import type { LockHolder } from '../shared/results.ts';
import type { WatchEvent } from '../shared/watch-events.ts';

/** Keeps the Brain watched: here, unless another process does it or somebody has paused it. */
export interface WatchKeeper {
  watching(): Watching;
  failing(): PanelStatus['failing'];
  problems(): readonly ErrorReport[];
  pause(untilMs: number | null): Promise<void>;
  resume(): void;
  /** Watches what the engine of now is for. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface KeeperOptions extends Pick<WatchOptions, 'carryCopy'> {
  readonly engine: () => Engine;
  readonly now: () => number;
  readonly onEvent: (event: WatchEvent) => void;
  readonly onProgress: (event: ProgressEvent) => void;
  readonly onChange: () => void;
  /** Between two tries to watch, while another process does or there is no root. */
  readonly retryMs?: number;
}

const usualRetryMs = 15_000;

export function createWatchKeeper(options: KeeperOptions): WatchKeeper {
  const { now, retryMs = usualRetryMs } = options;
  let watching: Watching = { kind: 'off', error: null };
  let failing: PanelStatus['failing'] = null;
  let problems: readonly ErrorReport[] = [];
  let controller: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let pausedUntilMs: number | null = null;
  let isRunning = false;
  let isClosed = false;

  const change = (next: Watching): void => {
    watching = next;
    options.onChange();
  };
  const isPaused = (): boolean => watching.kind === 'paused';
  const later = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(begin, milliseconds);
    timer.unref();
  };
  const follow = (event: WatchEvent): void => {
    if (event.kind === 'failed') {
      failing = { error: event.error, attempts: event.attempts, nextAttemptAt: event.nextAttemptAt };
    } else if (event.kind === 'snapshot') failing = null;
    else if (event.kind === 'problem') problems = [event.error];
    else if (event.kind === 'solved') problems = [];
    options.onEvent(event);
  };
  const watch = async (signal: AbortSignal): Promise<void> => {
    isRunning = true;
    try {
      await options.engine().watch({
        signal,
        onProgress: options.onProgress,
        ...(options.carryCopy === undefined ? {} : { carryCopy: options.carryCopy }),
        onEvent: (event) => {
          if (event.kind === 'started' && !signal.aborted) change({ kind: 'here' });
          follow(event);
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      change(whyNot(error));
      later(retryMs);
    } finally {
      isRunning = false;
    }
  };
  const begin = (): void => {
    clearTimeout(timer);
    // Two who have waited for the one before to end must not begin two: nobody could end the first of them.
    if (isClosed || isRunning || watching.kind === 'paused') return;
    controller = new AbortController();
    running = watch(controller.signal);
  };
  const stop = async (): Promise<void> => {
    clearTimeout(timer);
    controller?.abort();
    await running;
    failing = null;
    problems = [];
  };
  const resume = (): void => {
    if (watching.kind !== 'paused') return;
    change({ kind: 'off', error: null });
    begin();
  };
  /** Called after a sleep as well, for a timer may stand still in it. */
  const resumeLater = (): void => {
    if (pausedUntilMs === null || isClosed) return;
    clearTimeout(timer);
    timer = setTimeout(resume, Math.max(0, pausedUntilMs - now()));
    timer.unref();
  };
  begin();
  return {
    watching: () => watching,
    failing: () => failing,
    problems: () => problems,
    pause: async (untilMs) => {
      pausedUntilMs = untilMs;
      change({ kind: 'paused', until: untilMs === null ? null : new Date(untilMs).toISOString() });
      await stop();
      // Somebody may have resumed it meanwhile.
      if (isPaused()) resumeLater();
      else begin();
    },
    resume,
    restart: async () => {
      if (isPaused()) return resumeLater();
      await stop();
      if (isPaused()) return;
      change({ kind: 'off', error: null });
      begin();
    },
    close: async () => {
      isClosed = true;
      await stop();
    },
  };
}

function whyNot(error: unknown): Watching {
  const report = reportError(error);
  if (error instanceof AppError && error.code === 'busy') {
    return { kind: 'elsewhere', holder: readHolder(report.details['holder']) };
  }
  return { kind: 'off', error: report };
}

function readHolder(value: unknown): LockHolder | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('pid' in value && 'host' in value && 'startedAt' in value && 'what' in value)) return null;
  const { pid, host, startedAt, what } = value;
  return { pid: Number(pid), host: String(host), startedAt: String(startedAt), what: String(what) };
}
