import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { entryModule } from '../platform/entry-module.ts';
import { type CheckReply, type CheckRequest, parseCheckReply } from './check-messages.ts';

export interface CheckChannelOptions {
  /** The script that the child runs; the check process by default. */
  readonly entry?: string | undefined;
  /** True for work that nobody waits for: everything else on the machine comes first. */
  readonly isLowPriority?: boolean | undefined;
}

export interface AskOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A channel to a child that answers one request at a time. A child that was killed is replaced at the next request. */
export interface CheckChannel {
  ask(request: CheckRequest, options: AskOptions): Promise<CheckReply>;
  close(): void;
}

/** Starts the child at once. */
export function createCheckChannel(options: CheckChannelOptions = {}): CheckChannel {
  const entry = options.entry ?? checkProcessEntry();
  const start = (): Child => startChild(entry, options.isLowPriority === true);
  let child: Child | undefined = start();
  return {
    ask: async (request, askOptions) => {
      if (askOptions.signal.aborted) throw cancelled(request);
      if (child === undefined || child.ended()) child = start();
      return askChild(child, request, askOptions);
    },
    close: () => {
      child?.process.kill('SIGKILL');
      child = undefined;
    },
  };
}

const checkProcessEntry = (): string => fileURLToPath(entryModule('../check-process', import.meta.url));

interface Child {
  readonly process: ChildProcess;
  /** Why it can answer no more, once that is so. */
  ended(): string | undefined;
  errorOutput(): string;
}

function startChild(entry: string, isLowPriority: boolean): Child {
  const child = fork(entry, [], {
    execArgv: ['--max-old-space-size=256'],
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  if (isLowPriority) lowerPriority(child);
  let ended: string | undefined;
  let errorOutput = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errorOutput = (errorOutput + chunk.toString()).slice(-2000);
  });
  child.on('error', (error) => {
    ended ??= error.message;
  });
  child.on('exit', (code, signal) => {
    ended ??= signal === null ? `exit code ${code}` : signal;
  });
  keepProcessAlive(child, false);
  return {
    process: child,
    ended: () => ended ?? (child.killed ? 'SIGKILL' : undefined),
    errorOutput: () => errorOutput,
  };
}

function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch (error) {
    // It has ended already, and its end is told where it is asked.
    if (systemErrorCode(error) === undefined) throw error;
  }
}

function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _dropped, ...environment } = process.env;
  const cache = getCompileCacheDir();
  return {
    ...environment,
    ...('electron' in process.versions && { ELECTRON_RUN_AS_NODE: '1' }),
    // Node tells the folder of its own version inside the one that it was given.
    ...(cache !== undefined && { NODE_COMPILE_CACHE: dirname(cache) }),
  };
}

/** An idle child must not keep a command from ending; one that works must. */
function keepProcessAlive(child: ChildProcess, alive: boolean): void {
  if (child.stderr instanceof Socket) child.stderr.unref();
  if (alive) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

/** Settles once: by a whole reply, or as an AppError for a cancel, a timeout, a crash or anything else that came. */
function askChild(child: Child, request: CheckRequest, { timeoutMs, signal }: AskOptions): Promise<CheckReply> {
  const { promise, resolve, reject } = Promise.withResolvers<CheckReply>();
  const kill = (error: AppError): void => {
    child.process.kill('SIGKILL');
    reject(error);
  };
  const onMessage = (message: unknown): void => {
    const reply = parseCheckReply(message);
    if (reply?.id === request.id) resolve(reply);
    else kill(failed(request, 'it answered something else'));
  };
  const onEnd = (): void => reject(failed(request, `${child.ended() ?? 'it ended'} ${child.errorOutput()}`.trim()));
  const onAbort = (): void => kill(cancelled(request));
  const timer = setTimeout(() => kill(failed(request, `it took longer than ${timeoutMs} ms`)), timeoutMs);
  // `close` comes after `exit`, when all of the error output has come too.
  child.process.on('message', onMessage).on('close', onEnd).on('error', onEnd);
  signal.addEventListener('abort', onAbort);
  keepProcessAlive(child.process, true);
  try {
    // What could not be sent was meant for a child that is ending, and its end tells why.
    child.process.send(request, () => undefined);
  } catch {
    // A child that could not even be started (no file descriptor left) has no channel; its error tells why.
    onEnd();
  }
  return promise.finally(() => {
    clearTimeout(timer);
    child.process.off('message', onMessage).off('close', onEnd).off('error', onEnd);
    signal.removeEventListener('abort', onAbort);
    keepProcessAlive(child.process, false);
  });
}

const cancelled = ({ file }: CheckRequest): AppError => new AppError('cancelled', `Checking ${file} was cancelled.`);

function failed({ file }: CheckRequest, reason: string): AppError {
  return new AppError('check-failed', `The check of ${file} gave no answer: ${reason}`, {
    hint: 'Try again; if it happens again, check the file by hand with: sqlite3 FILE "PRAGMA integrity_check".',
    details: { file },
  });
}
