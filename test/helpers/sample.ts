import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createSample, type SampleInfo, type SampleOptions } from '../../sample/create-sample.ts';
import { callService } from '../../sample/post-events.ts';
import { systemErrorCode } from '../../src/shared/app-error.ts';
import { findProcessesIn } from './find-processes-in.ts';
import { chooseWorkerPorts } from './worker-ports.ts';

/** A sample Codex in a temporary folder of its own. */
export interface TestSample extends SampleInfo {
  /** Runs the Boot Manager as `npm run codex:start` does, and waits until every service is healthy. */
  start(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** Runs the Brain alone, without its watcher unless the environment says otherwise. */
  startBrain(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** What the Boot Manager (or the Brain that was started alone) has printed. */
  output(): string;
  /** Runs the sample's own `npm run codex:stop`. */
  stop(): Promise<void>;
  /** Kills every process whose working folder is in the sample, then removes it. */
  dispose(): Promise<void>;
}

/** Makes a sample; call `dispose` when the test is over. */
export async function createTestSample(options: SampleOptions = {}): Promise<TestSample> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'codex-sample-test-'));
  const ports = await chooseWorkerPorts(options.ports);
  const info = await createSample(join(folder, 'Codex'), { ...options, ports });
  const outputFile = join(folder, 'output.txt');
  closeSync(openSync(outputFile, 'a'));

  const run = (command: string, parameters: readonly string[], place: string, environment = {}): ChildProcess =>
    spawnInSample(join(info.root, place), outputFile, [command, ...parameters], environment);
  const output = () => readFileSync(outputFile, 'utf8');
  return {
    ...info,
    output,
    start: (environment) => bootSample(info.root, outputFile, environment),
    startBrain: async (environment) => {
      const brain = run('node', ['dist/index.js'], 'codex-brain', { CODEX_BRAIN_WATCHER: 'off', ...environment });
      await waitUntil('the Brain is healthy', () => isHealthy(info.ports.brain), brain, output);
    },
    stop: async () => {
      const code = await ended(run('npm', ['run', 'codex:stop'], '.'));
      if (code !== 0) throw new Error(`codex:stop ended with ${code}:\n${output()}`);
    },
    dispose: async () => {
      await killProcessesIn(info.root);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

/** The Boot Manager gives up, and ends, when its Brain takes more than 30 s or the others as long again. */
const bootLimitMs = 100_000;

/**
 * Runs the Boot Manager as `npm run codex:start` does, and waits until every service is healthy. What all of them
 * print is added to that file.
 */
export async function bootSample(root: string, outputFile: string, environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const before = existsSync(outputFile) ? readFileSync(outputFile).length : 0;
  const output = () => readFileSync(outputFile).subarray(before).toString();
  const boot = spawnInSample(root, outputFile, ['npm', 'run', 'codex:start'], environment);
  const isBooted = (): boolean => output().includes('all services are healthy');
  await waitUntil('all services are healthy', isBooted, boot, output, bootLimitMs);
}

function spawnInSample(
  folder: string,
  outputFile: string,
  [command = '', ...parameters]: readonly string[],
  environment: NodeJS.ProcessEnv,
): ChildProcess {
  const output = openSync(outputFile, 'a');
  const env = { ...cleanEnvironment(), ...environment };
  const child = spawn(command, parameters, { cwd: folder, env, stdio: ['ignore', output, output] });
  closeSync(output);
  return child;
}

/** Ours, less npm's variables of the test run itself, with the Node that runs the tests first in the PATH. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|VITEST)/.test(name));
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return { ...Object.fromEntries(own), PATH: path };
}

/** Polls until a state holds; fails at once when the process ends, and after `limitMs`. */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  child?: ChildProcess,
  output: () => string = () => '',
  limitMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if ((child?.exitCode ?? child?.signalCode ?? null) !== null)
      throw new Error(`ended before "${what}":\n${output()}`);
    if (Date.now() > deadline) throw new Error(`waited ${limitMs / 1000} s for "${what}":\n${output()}`);
    await setTimeout(20);
  }
}

/** Whether a service of a sample answers on that port. */
export async function isHealthy(port: number): Promise<boolean> {
  try {
    await callService(port, '/health');
    return true;
  } catch {
    return false; // nobody listens
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
}

/** Again until none is left: a process that is killed may have started another one meanwhile. */
export async function killProcessesIn(root: string): Promise<void> {
  await waitUntil(`no process in ${root}`, () => {
    const pids = findProcessesIn(root);
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (systemErrorCode(error) !== 'ESRCH') throw error;
      }
    }
    return pids.length === 0;
  });
}
