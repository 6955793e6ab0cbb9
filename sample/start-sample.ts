import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SampleInfo } from './create-sample.ts';
import { callService } from './post-events.ts';

/** A sample that was started. */
export interface StartedSample {
  /** Why it doesn't run; null while it does. */
  readonly problem: string | null;
  /** Ends its services. */
  stop(): Promise<void>;
}

const startMs = 60_000;

/**
 * Runs the Boot Manager of a sample and waits for its Brain. A sample that can't be started, because there is no npm or
 * a port was taken, says why. From then on nothing here talks to its services: whoever has a connection to one of them
 * is killed when they are stopped.
 */
export async function startSample(info: SampleInfo, environment: NodeJS.ProcessEnv): Promise<StartedSample> {
  const env = cleanEnvironment(environment);
  const outputFile = join(dirname(info.root), 'sample-output.txt');
  const child = run(info.root, ['run', 'codex:start'], env, outputFile);
  const problem = await waitForBrain(info, child, outputFile);
  return {
    problem,
    stop: async () => {
      // One that has ended by itself met a stranger at a port, who is not ours to kill.
      if (problem === null || isRunning(child)) {
        await untilEnded(run(info.root, ['run', 'codex:stop'], env, outputFile));
      }
      endGroup(child);
    },
  };
}

/** A group of its own, so that Ctrl-C at the terminal leaves the services to `codex:stop`. */
function run(root: string, parameters: readonly string[], env: NodeJS.ProcessEnv, outputFile: string): ChildProcess {
  const output = openSync(outputFile, 'a', 0o600);
  const child = spawn('npm', parameters, { cwd: root, env, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  // That it could not be started is seen by its missing pid.
  child.on('error', () => undefined);
  return child;
}

/** Ours, less npm's variables, with the Node that runs this first in the PATH. */
function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(environment).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$)/.test(name));
  const path = [dirname(process.execPath), environment['PATH'] ?? ''].join(delimiter);
  return { ...Object.fromEntries(own), PATH: path };
}

async function waitForBrain({ ports }: SampleInfo, child: ChildProcess, outputFile: string): Promise<string | null> {
  if (child.pid === undefined) return 'npm was not found, so the services of the sample do not run.';
  const deadline = Date.now() + startMs;
  while (Date.now() < deadline) {
    if (hasBooted(outputFile) && (await answers(ports.brain))) return null;
    if (child.exitCode !== null) return `The sample did not start: ${lastLines(outputFile)}`;
    await setTimeout(100);
  }
  return `The sample did not answer within a minute: ${lastLines(outputFile)}`;
}

/** All services are there, and the backup that the Boot Manager takes then has ended, well or not. */
const hasBooted = (outputFile: string): boolean => readFileSync(outputFile, 'utf8').includes('codexAutoBackup exited');

async function answers(port: number): Promise<boolean> {
  try {
    await callService(port, '/health');
    return true;
  } catch {
    return false; // nobody listens yet
  }
}

function untilEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

const isRunning = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;

/** Once it has ended, as after a restore, its number may be that of another group. */
function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined || !isRunning(child)) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join(' | ');
}
