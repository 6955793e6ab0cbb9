import type { ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { silentLogger } from '../../platform/logger.ts';
import { findCommand } from '../../platform/login-path.ts';
import { findSecrets, hideSecrets } from '../../platform/secrets.ts';
import { type AddressHealth, describeUnhealthy, waitForHealth } from './check-health.ts';
import { openOutputFile } from './output-file.ts';
import { endGroup, type ProcessGroup } from './process-group.ts';
import { pause } from './prove-stopped.ts';
import { type CommandOptions, describeEnd } from './run-command.ts';
import { type SpawnedCommand, spawnHeld } from './spawn-held.ts';
import { createEscapeStripper } from './strip-escapes.ts';

export interface StartOptions
  extends Pick<CommandOptions, 'command' | 'cwd' | 'env' | 'signal' | 'logFile' | 'onGroup' | 'graceMs' | 'logger'> {
  /** Addresses that must answer. Where none are set, the command must still run, or have exited 0, after a while. */
  readonly healthUrls: readonly string[];
  /** When the addresses must answer at the latest. */
  readonly healthMs: number;
  /** How long they must stay healthy; without addresses, how long the command is watched. */
  readonly stableMs: number;
}

export type StartResult = {
  readonly addresses: readonly AddressHealth[];
} & (
  | { readonly kind: 'started'; readonly group: ProcessGroup }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed';
      /** A sentence: which address did not answer, or how the command ended. */
      readonly reason: string;
      /** The last of what it wrote, as plain text. */
      readonly output: string;
    }
);

/**
 * Starts Codex in a session of its own with a log file for its output, and waits until it is healthy. From then on it
 * is on its own; until then, what fails or is cancelled is ended with everything that it started.
 */
export async function startServices(options: StartOptions): Promise<StartResult> {
  const { command, cwd, env, signal, onGroup, graceMs = 3000 } = options;
  const [name = '', ...parameters] = command;
  if (signal.aborted) return { kind: 'cancelled', addresses: [] };
  const file = findCommand(name, env['PATH'] ?? '', cwd);
  if (file === undefined) return { kind: 'not-found', addresses: [] };

  const log = openOutputFile(options.logFile, options.logger ?? silentLogger);
  try {
    const logStart = fstatSync(log).size;
    const spawned = await spawnHeld({ file, parameters, cwd, env, output: log, onGroup });
    const watched = await watch(spawned, options);
    if (watched.kind === 'started') {
      spawned.child.unref();
      return { kind: 'started', group: spawned.group, addresses: watched.addresses };
    }
    await endGroup(spawned.group, { graceMs });
    return watched.kind === 'cancelled'
      ? watched
      : { ...watched, output: hideSecrets(readEnd(log, logStart), findSecrets(env)) };
  } finally {
    closeSync(log);
  }
}

type Watched =
  | { readonly kind: 'started'; readonly addresses: readonly AddressHealth[] }
  | { readonly kind: 'cancelled'; readonly addresses: readonly AddressHealth[] }
  | { readonly kind: 'failed'; readonly addresses: readonly AddressHealth[]; readonly reason: string };

async function watch({ child }: SpawnedCommand, options: StartOptions): Promise<Watched> {
  const { command, healthUrls, healthMs, stableMs, signal } = options;
  const sentence = (problem: string): string => `"${command.join(' ')}" ${problem}.`;
  if (healthUrls.length === 0) {
    await untilEnded(child, stableMs, signal);
    if (signal.aborted) return { kind: 'cancelled', addresses: [] };
    const failure = findFailure(child);
    if (failure === undefined) return { kind: 'started', addresses: [] };
    return { kind: 'failed', reason: sentence(failure), addresses: [] };
  }
  // A launcher may exit 0 and leave the services running; any other end means that nothing will answer.
  const isWorthwhile = (): boolean => findFailure(child) === undefined;
  const health = await waitForHealth({ urls: healthUrls, deadlineMs: healthMs, stableMs, signal, isWorthwhile });
  const { addresses } = health;
  if (health.kind === 'healthy') return { kind: 'started', addresses };
  if (health.kind === 'cancelled') return { kind: 'cancelled', addresses };
  const failure = findFailure(child);
  if (failure !== undefined) return { kind: 'failed', reason: sentence(failure), addresses };
  const problems = describeUnhealthy(addresses).join('; ');
  const what = health.wereHealthy ? 'Codex was started but did not stay healthy' : 'Codex did not become healthy';
  return { kind: 'failed', reason: `${what}: ${problems}.`, addresses };
}

/** How the command failed; undefined while it runs, and when it has exited 0. */
function findFailure({ exitCode, signalCode }: ChildProcess): string | undefined {
  if (signalCode !== null) return describeEnd({ kind: 'signalled', signal: signalCode });
  return exitCode === null || exitCode === 0 ? undefined : describeEnd({ kind: 'exited', code: exitCode });
}

/** Waits for as long as the command runs, but no longer than `limitMs`. */
async function untilEnded(child: ChildProcess, limitMs: number, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  child.once('exit', end);
  if (child.exitCode !== null || child.signalCode !== null) end();
  await pause(limitMs, AbortSignal.any([ended.signal, signal]));
  child.off('exit', end);
}

const endLength = 64 * 1024;

/** The last of what was written since `start`. */
function readEnd(log: number, start: number): string {
  const { size } = fstatSync(log);
  const from = Math.max(start, size - endLength);
  const buffer = Buffer.alloc(Math.max(0, size - from));
  const bytes = readSync(log, buffer, 0, buffer.length, from);
  return createEscapeStripper()(buffer.toString('utf8', 0, bytes));
}
