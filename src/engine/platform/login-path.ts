import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { basename, delimiter, isAbsolute, join, resolve } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { withoutSteering } from './command-environment.ts';
import { endProcesses } from './end-processes.ts';

/** Where commands are looked for, and who said so. */
export interface LoginPath {
  readonly path: string;
  readonly source: 'login-shell' | 'usual-places';
  /** Why the shell could not tell. */
  readonly problem?: string;
}

export interface LoginPathOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** A function that asks the login shell for its PATH when it is first called, and then remembers. It never fails. */
export function createLoginPath(options: LoginPathOptions): () => Promise<LoginPath> {
  let answer: Promise<LoginPath> | undefined;
  return () => {
    answer ??= askLoginPath(options);
    return answer;
  };
}

/** Asks the login shell for its PATH: an app that was started from the Finder has none of Homebrew's or nvm's. */
export async function askLoginPath({ env, timeoutMs = 5000 }: LoginPathOptions): Promise<LoginPath> {
  const clean = { ...withoutSteering(env), PATH: withoutNpm(env['PATH'] ?? ''), TERM: 'dumb' };
  const shell = findShell(env);
  const { path, problem } = await askShell(shell, clean, timeoutMs);
  if (path !== undefined) return { path, source: 'login-shell' };
  const usual = joinPath([...clean.PATH.split(delimiter), ...usualPlaces(env)]);
  return { path: usual, source: 'usual-places', problem: `${shell} ${problem}` };
}

/** The full path of a command, or undefined. A name with a slash is taken from `cwd`, others from `path`. */
export function findCommand(name: string, path: string, cwd = '/'): string | undefined {
  if (name === '' || name.includes('\0')) return undefined;
  const places = name.includes('/') ? [resolve(cwd, name)] : splitPath(path).map((folder) => join(folder, name));
  return places.find(isProgram);
}

interface Answer {
  readonly path?: string;
  readonly problem: string;
}

const maxOutputBytes = 1_000_000;

async function askShell(shell: string, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Answer> {
  const mark = randomBytes(16).toString('hex');
  // The inner sh expands PATH, because fish keeps it as a list. Single quotes mean the same to every shell.
  const question = `/bin/sh -c 'printf "${mark}%s${mark}" "$PATH"'`;
  // csh takes -l only alone. A session of its own, so that an interactive shell doesn't reach for our terminal.
  const flags = /csh$/.test(basename(shell)) ? '-ic' : '-ilc';
  const child = spawn(shell, [flags, question], {
    env,
    cwd: existsSync(homedir()) ? homedir() : '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const answer = await readAnswer(child, mark, timeoutMs);
  child.stdout?.destroy();
  const { pid } = child;
  if (pid !== undefined) {
    await endProcesses(async (running) => running.filter(({ group }) => group === pid), { graceMs: 0, limitMs: 1000 });
  }
  child.unref();
  return answer;
}

/** Waits for the marked text only: a shell may print what it likes, and may hang when it is done. */
function readAnswer(child: ChildProcess, mark: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    let output = '';
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => end({ problem: `did not answer within ${timeoutMs / 1000} s` }), timeoutMs);
    child.on('error', (error) => end({ problem: `could not be started: ${systemErrorCode(error) ?? error.message}` }));
    child.on('close', () => end({ problem: 'ended without an answer' }));
    child.stdout?.setEncoding('utf8');
    child.stdout?.on('data', (chunk: string) => {
      output += chunk;
      const [, value] = output.split(mark, 3);
      if (value !== undefined && output.split(mark).length > 2) {
        const path = joinPath(value.split(delimiter));
        end(path === '' ? { problem: 'has an empty PATH' } : { path, problem: '' });
      } else if (output.length > maxOutputBytes) output = output.slice(-maxOutputBytes / 2);
    });
  });
}

function findShell(env: NodeJS.ProcessEnv): string {
  const named = [env['SHELL'], userShell()].find(
    (shell) => shell !== undefined && isAbsolute(shell) && isProgram(shell),
  );
  return named ?? '/bin/sh';
}

function userShell(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch (error) {
    // A user without an entry in the system's list, as in some containers.
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** `npm run` puts its own folders first: the commands of the Codex folder must not be looked for in ours. */
function withoutNpm(path: string): string {
  return joinPath(path.split(delimiter).filter((folder) => !/\/node_modules\/\.bin$|node-gyp-bin$/.test(folder)));
}

function usualPlaces(env: NodeJS.ProcessEnv): readonly string[] {
  const home = env['HOME'] ?? homedir();
  const own = ['.volta/bin', '.local/bin', '.asdf/shims', '.local/share/mise/shims'].map((place) => join(home, place));
  const places = [...own, '/opt/homebrew/bin', '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];
  return places.filter((place) => existsSync(place));
}

const joinPath = (folders: readonly string[]): string => [...new Set(folders.filter(isAbsolute))].join(delimiter);

/** Without relative folders, which would mean the working folder of whoever runs the command. */
const splitPath = (path: string): readonly string[] => path.split(delimiter).filter(isAbsolute);

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}
