import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SampleInfo } from './create-sample.ts';
import { callService, postEvents } from './post-events.ts';

/** A sample that was started. */
export interface StartedSample {
  /** Why it doesn't run; null while it does. */
  readonly problem: string | null;
  /** Ends its services, and what it does by itself. */
  stop(): Promise<void>;
}

const startMs = 60_000;
const eventsPerSecond = 2;

/**
 * Runs the Boot Manager of a sample, waits for its Brain, and lets made-up memories come. A sample that can't be
 * started, because there is no npm or a port was taken, says why.
 */
export async function startSample(info: SampleInfo, environment: NodeJS.ProcessEnv): Promise<StartedSample> {
  const env = cleanEnvironment(environment);
  const outputFile = join(dirname(info.root), 'sample-output.txt');
  const child = run(info.root, ['run', 'codex:start'], env, outputFile);
  const ended = new AbortController();
  const problem = await waitForBrain(info, child, outputFile);
  const feeding = problem === null ? feed(info.ports.brain, ended.signal) : Promise.resolve();
  return {
    problem,
    stop: async () => {
      ended.abort();
      await feeding;
      if (problem === null) await untilEnded(run(info.root, ['run', 'codex:stop'], env, outputFile));
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

/** Goes on after a restore has stopped and started the Brain. */
async function feed(brainPort: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await postEvents(brainPort, { perSecond: eventsPerSecond, signal });
    } catch {
      await setTimeout(1000); // the Brain is away: it comes back, or the sample is stopped
    }
  }
}

function untilEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join(' | ');
}
