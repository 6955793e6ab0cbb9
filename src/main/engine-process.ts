import { type MessageFromEngine, type MessageToEngine, messageFromEngine } from '../shared/app-messages.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import type { MainLog } from './log.ts';
import { planRestart, type RestartRecord } from './restart-pause.ts';

/** What is used of Electron's utility process. */
export interface EngineChild {
  readonly pid: number | undefined;
  postMessage(message: MessageToEngine): void;
  kill(): boolean;
  on(event: 'spawn', listener: () => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

export interface EngineProcessOptions {
  readonly fork: () => EngineChild;
  /** What it is told first. */
  readonly begin: () => MessageToEngine;
  readonly onMessage: (message: MessageFromEngine) => void;
  /** It has ended though nobody asked it to, and is started again after the pause. */
  readonly onLost: (why: string, pauseMs: number) => void;
  readonly log: MainLog;
  readonly now: () => number;
  readonly heartbeat?: { readonly everyMs: number; readonly mostMissed?: number };
}

export interface EngineProcess {
  post(message: MessageToEngine): void;
  /** Has it cancel what runs and end; killed when it doesn't within the limit. Resolves when it is gone. */
  end(limitMs: number): Promise<void>;
  /** At once, as when it hangs. */
  kill(): void;
}

/** Keeps one engine process running: started again with growing pauses when it crashes, killed when it hangs. */
export function keepEngineProcess(options: EngineProcessOptions): EngineProcess {
  const { log, now } = options;
  let child: EngineChild | undefined;
  let heartbeat: Heartbeat | undefined;
  let record: RestartRecord = { failures: 0 };
  let timer: NodeJS.Timeout | undefined;
  let isEnding = false;
  let problem = '';
  const gone = Promise.withResolvers<void>();

  const take = (data: unknown): void => {
    const parsed = messageFromEngine.safeParse(data);
    if (!parsed.success) {
      log.error(`A message of the engine that is none: ${parsed.error.message}`);
      return;
    }
    if (parsed.data.kind === 'pong') heartbeat?.answered(parsed.data.number);
    else if (parsed.data.kind === 'failed') problem = parsed.data.problem;
    options.onMessage(parsed.data);
    if (parsed.data.kind === 'failed' || parsed.data.kind === 'ended') kill();
  };
  const kill = (): void => {
    // Not by its `kill`, which asks: a process that hangs doesn't answer, and one that has ended has nothing to do.
    if (child?.pid !== undefined) process.kill(child.pid, 'SIGKILL');
  };
  const start = (): void => {
    const startedMs = now();
    const forked = options.fork();
    child = forked;
    forked.on('spawn', () => {
      log.info(`The engine process ${forked.pid} runs.`);
      forked.postMessage(options.begin());
      const ping = (number: number): void => forked.postMessage({ kind: 'ping', number });
      const onHung = (): void => {
        problem = 'it did not answer any more';
        log.error(`The engine process ${forked.pid} hangs, and is killed.`);
        kill();
      };
      heartbeat = startHeartbeat({ ping, onHung, ...options.heartbeat });
    });
    forked.on('message', take);
    forked.on('exit', (code) => {
      heartbeat?.stop();
      child = undefined;
      log.info(`The engine process has ended with ${code}.`);
      if (isEnding) gone.resolve();
      else restart(code, now() - startedMs);
    });
  };
  const restart = (code: number, ranMs: number): void => {
    const plan = planRestart(record, ranMs);
    record = plan.record;
    const why = problem === '' ? `it ended with ${code}` : problem;
    problem = '';
    options.onLost(why, plan.pauseMs);
    timer = setTimeout(start, plan.pauseMs);
  };
  start();
  return {
    post: (message) => child?.postMessage(message),
    end: async (limitMs) => {
      isEnding = true;
      clearTimeout(timer);
      if (child === undefined) return;
      child.postMessage({ kind: 'end' });
      const limit = setTimeout(() => {
        log.warn('The engine process did not end in time, and is killed.');
        if (child?.pid === undefined) gone.resolve();
        else kill();
      }, limitMs);
      await gone.promise;
      clearTimeout(limit);
    },
    kill,
  };
}
