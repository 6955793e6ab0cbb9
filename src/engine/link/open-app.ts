import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { AppError } from '../../shared/app-error.ts';
import { type AppRecord, appRecord } from '../../shared/app-messages.ts';
import { callerPidVariable } from '../platform/caller-facts.ts';
import { withoutSteering } from '../platform/command-environment.ts';
import { parseJson } from '../platform/parse-json.ts';
import { beganAtMs, listProcesses, type RunningProcess } from '../platform/process-list.ts';
import { readTextIfThere } from '../platform/read-if-there.ts';
import { appRecordPath } from './app-record.ts';

export interface OpenRequest {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

export type Opened = 'opened' | 'runs' | 'not-installed' | 'no-display' | 'not-linked';

/**
 * Opens the menubar app in the background after Codex's Boot Manager has called us, where the app was started before, is
 * still there and doesn't run. Throws AppError `io` when it can't be started.
 */
export async function openAppAfterBoot({ home, env, platform }: OpenRequest): Promise<Opened> {
  if (env[callerPidVariable] === undefined) return 'not-linked';
  const record = readAppRecord(home);
  if (record === undefined || !existsSync(record.executable)) return 'not-installed';
  if (isRunning(record, await listProcesses())) return 'runs';
  if (platform !== 'darwin' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return 'no-display';
  await startDetached(planOpening(record, platform), appEnvironment(env));
  return 'opened';
}

function readAppRecord(home: string): AppRecord | undefined {
  const result = appRecord.safeParse(parseJson(readTextIfThere(appRecordPath(home)) ?? ''));
  return result.success ? result.data : undefined;
}

/** How much the two clocks, the system's ticks and the record's, may differ. */
const roundingMs = 2000;

/** Whether the process that left the record still runs: one that got its number later began after it was written. */
export function isRunning({ pid, startedAt }: AppRecord, processes: readonly RunningProcess[]): boolean {
  const found = processes.find((process) => process.pid === pid);
  return found !== undefined && beganAtMs(found) <= Date.parse(startedAt) + roundingMs;
}

/** On macOS the system opens a bundle, hidden and without taking the focus (open(1)); else the program is started. */
export function planOpening(
  { executable, arguments: own }: AppRecord,
  platform: NodeJS.Platform,
): readonly [command: string, ...parameters: string[]] {
  const bundle = /^(.+\.app)\/Contents\/MacOS\/[^/]+$/.exec(executable)?.[1];
  const parameters = [...own, '--hidden'];
  if (platform !== 'darwin' || bundle === undefined) return [executable, ...parameters];
  return ['/usr/bin/open', '-g', '-j', '-a', bundle, '--args', ...parameters];
}

/** Nothing of the Boot Manager's npm and Node, nor what makes Electron a plain Node. */
function appEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = env['CODEX_BACKUP_HOME'];
  return { ...withoutSteering(env), ...(home === undefined ? {} : { CODEX_BACKUP_HOME: home }) };
}

function startDetached(
  [command, ...parameters]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd: '/', env, stdio: 'ignore', detached: true });
    child.once('error', (cause) => {
      const message = `The menubar app could not be opened: ${command} did not start.`;
      reject(new AppError('io', message, { hint: 'Open it yourself; snapshots are taken without it.', cause }));
    });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
