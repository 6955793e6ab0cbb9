import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { CommandOptions } from '../../../../../src/engine/restore/services/run-command.ts';
import { systemErrorCode } from '../../../../../src/shared/app-error.ts';

/** A temporary folder in which a test runs commands; it is removed when the test is over. */
export interface CommandPlace {
  readonly folder: string;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
  path(name: string): string;
  read(name: string): string;
  /** Writes an executable shell script into the folder's `bin`-like PATH; returns its full path. */
  script(name: string, lines: string): string;
  /** Options for runCommand, with a limit that no passing test meets. */
  options(command: readonly string[], more?: Partial<CommandOptions>): CommandOptions;
}

export function createPlace(): CommandPlace {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'services-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const path = (name: string): string => join(folder, name);
  const env = { HOME: folder, PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter) };
  const logFile = path('command.log');
  return {
    folder,
    logFile,
    env,
    path,
    read: (name) => readFileSync(path(name), 'utf8'),
    script: (name, lines) => {
      writeFileSync(path(name), `#!/bin/sh\n${lines}\n`);
      chmodSync(path(name), 0o755);
      return path(name);
    },
    options: (command, more = {}) => ({
      command,
      cwd: folder,
      env,
      timeoutMs: 30_000,
      signal: new AbortController().signal,
      logFile,
      graceMs: 300,
      ...more,
    }),
  };
}

/** Waits for a state; fails after 20 s. */
export async function waitFor(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited 20 s for: ${what}`);
    await setTimeout(15);
  }
}

/** Whether a process runs; one that has ended and was not reaped doesn't. */
export function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

/** The pids that scripts wrote into files named `*.pid` in a folder. */
export function readPids(folder: string): readonly number[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.pid'));
  return names.map((name) => Number(readFileSync(join(folder, name), 'utf8')));
}

/** Waits until a pid file is complete. */
export async function waitForPids(folder: string, names: readonly string[]): Promise<readonly number[]> {
  const files = names.map((name) => join(folder, `${name}.pid`));
  await waitFor(`${names.join(', ')} to run`, () =>
    files.every((file) => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')),
  );
  return files.map((file) => Number(readFileSync(file, 'utf8')));
}

/** Ends a process that the test started, if it still runs. */
export function endAfterTest(pid: number): void {
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
}
