import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Writable } from 'node:stream';
import { AppError, systemErrorCode } from '../../../shared/app-error.ts';
import { withoutSteering } from '../../platform/command-environment.ts';
import { createMark, describeGroup, markVariable, type ProcessGroup } from './process-group.ts';

export interface HeldOptions {
  /** Full path of the program. */
  readonly file: string;
  readonly parameters: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where both outputs go: to us, or into an open file. */
  readonly output: 'pipe' | number;
  /** Told who it is before the program begins; what it throws keeps the program from beginning. */
  readonly onGroup?: ((group: ProcessGroup) => void | Promise<void>) | undefined;
}

export interface SpawnedCommand {
  readonly child: ChildProcess;
  readonly group: ProcessGroup;
}

/**
 * Waits for a line on descriptor 3, then becomes the program. Without a line (we died before the group was journaled)
 * it ends. The program and its arguments come as arguments, which no shell reads.
 */
const holdScript = 'IFS= read -r go <&3 || exit 125; exec "$@" 3<&-';

/** Starts a program in a session and group of its own, with no input, once `onGroup` knows of it. */
export async function spawnHeld(options: HeldOptions): Promise<SpawnedCommand> {
  const { file, parameters, cwd, env, output, onGroup } = options;
  const mark = createMark();
  checkFolder(cwd);
  const stdio: StdioOptions = ['ignore', output, output, 'pipe'];
  const child = spawn('/bin/sh', ['-c', holdScript, 'sh', file, ...parameters], {
    cwd,
    env: { ...withoutSteering(env), [markVariable]: mark },
    detached: true,
    stdio,
  });
  await spawned(child, file);
  const gate = openGate(child);
  try {
    const group = child.pid === undefined ? undefined : await describeGroup(child.pid, mark);
    if (group === undefined) throw new AppError('io', `${file} ended before it could begin.`);
    await onGroup?.(group);
    gate.end('go\n', () => gate.destroy());
    return { child, group };
  } catch (error) {
    gate.destroy();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    throw error;
  }
}

function checkFolder(cwd: string): void {
  try {
    if (statSync(cwd).isDirectory()) return;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
  throw new AppError('io', `There is no folder ${cwd} to run a command in.`);
}

async function spawned(child: ChildProcess, file: string): Promise<void> {
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new AppError('io', `${file} could not be started: ${systemErrorCode(cause) ?? String(cause)}.`, { cause });
  }
}

function openGate(child: ChildProcess): Writable {
  const gate = child.stdio[3];
  if (!(gate instanceof Writable)) throw new Error('the child has no pipe at descriptor 3');
  // A child that was killed meanwhile doesn't read any more; its exit says so.
  gate.on('error', () => gate.destroy());
  return gate;
}
