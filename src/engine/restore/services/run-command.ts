import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { type Logger, silentLogger } from '../../platform/logger.ts';
import { findCommand } from '../../platform/login-path.ts';
import type { RunningProcess } from '../../platform/process-list.ts';
import { findSecrets } from '../../platform/secrets.ts';
import { type CommandOutput, openCommandOutput } from './command-output.ts';
import { endGroup, endRemainders, type ProcessGroup } from './process-group.ts';
import { type SpawnedCommand, spawnHeld } from './spawn-held.ts';

export interface CommandOptions {
  /** The program and its arguments. No shell reads them. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** From `commandEnvironment`; its PATH is where the program is looked for. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Gets the plain text of the output. Where it can't be written, the command runs without. */
  readonly logFile: string;
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Told who the command is before it begins to work, for the journal. */
  readonly onGroup?: ((group: ProcessGroup) => void | Promise<void>) | undefined;
  /** Between SIGTERM and SIGKILL, at the time limit and when cancelled. */
  readonly graceMs?: number;
  readonly logger?: Logger;
}

/** How a command ended. `not-found`: there is no such program, and nothing was run. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timed-out'; readonly limitMs: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-found' };

export type CommandResult = CommandEnd & {
  /** The last of its output as plain text, at most 64 KB. */
  readonly output: string;
  readonly durationMs: number;
  /** Processes of its that could not be ended. */
  readonly survivors: readonly RunningProcess[];
};

/** Runs a command to its end, to its time limit, or until `signal` aborts; none of its processes stays behind. */
export async function runCommand(options: CommandOptions): Promise<CommandResult> {
  const beganMs = performance.now();
  const finished = (end: CommandEnd, output = '', survivors: readonly RunningProcess[] = []): CommandResult => {
    return { ...end, output, durationMs: Math.round(performance.now() - beganMs), survivors };
  };
  const [name = '', ...parameters] = options.command;
  const { cwd, env, signal, logFile, onOutput, onGroup, logger = silentLogger } = options;
  if (signal.aborted) return finished({ kind: 'cancelled' });
  const file = findCommand(name, env['PATH'] ?? '', cwd);
  if (file === undefined) return finished({ kind: 'not-found' });

  const output = openCommandOutput({ logFile, onOutput, logger, secrets: findSecrets(env) });
  let lastOutput = '';
  let ended: EndedCommand;
  try {
    ended = await waitForEnd(await spawnHeld({ file, parameters, cwd, env, output: 'pipe', onGroup }), output, options);
  } finally {
    lastOutput = output.finish();
  }
  return finished(ended.end, lastOutput, ended.survivors);
}

/** What a command's result means, as the end of a sentence that begins with the command: "ended with code 1". */
export function describeEnd(end: CommandEnd): string {
  switch (end.kind) {
    case 'exited':
      return `ended with code ${end.code}`;
    case 'signalled':
      return `was ended by ${end.signal}`;
    case 'timed-out':
      return `did not end within ${Math.round(end.limitMs / 1000)} s`;
    case 'cancelled':
      return 'was cancelled';
    case 'not-found':
      return 'was not found in the PATH of the login shell';
  }
}

interface EndedCommand {
  readonly end: CommandEnd;
  readonly survivors: readonly RunningProcess[];
}

async function waitForEnd(
  { child, group }: SpawnedCommand,
  output: CommandOutput,
  { timeoutMs, signal, graceMs = 3000 }: CommandOptions,
): Promise<EndedCommand> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  for (const stream of streams) output.read(stream);
  const end = await firstEnd(child, timeoutMs, signal);
  const isDone = end.kind === 'exited' && end.code === 0;
  const left = isDone ? [] : (await endGroup(group, { graceMs })).survivors;
  const survivors = [...left, ...(await endRemainders(group)).survivors];
  // Something that went on in a session of its own may hold the outputs open for ever. What came before is still read,
  // also where this process stood still meanwhile.
  await Promise.race([closed, delay(1000, undefined, { ref: false }).then(() => setImmediate())]);
  for (const stream of streams) stream.destroy();
  return { end, survivors };
}

const longestTimerMs = 2 ** 31 - 1;

async function firstEnd(child: ChildProcess, limitMs: number, signal: AbortSignal): Promise<CommandEnd> {
  const stop = new AbortController();
  const exited = async (): Promise<CommandEnd> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit', { signal: stop.signal });
    if (child.signalCode !== null) return { kind: 'signalled', signal: child.signalCode };
    return { kind: 'exited', code: child.exitCode ?? 0 };
  };
  const timedOut = async (): Promise<CommandEnd> => {
    await delay(Math.min(limitMs, longestTimerMs), undefined, { signal: stop.signal });
    return { kind: 'timed-out', limitMs };
  };
  const cancelled = async (): Promise<CommandEnd> => {
    if (!signal.aborted) await once(signal, 'abort', { signal: stop.signal });
    return { kind: 'cancelled' };
  };
  const ends = [exited(), timedOut(), cancelled()];
  try {
    return await Promise.race(ends);
  } finally {
    stop.abort();
    await Promise.allSettled(ends);
  }
}
