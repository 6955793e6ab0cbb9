import { randomInt } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { askLoginPath, createLoginPath, findCommand } from '../../../src/engine/platform/login-path.ts';
import { listProcesses } from '../../../src/engine/platform/process-list.ts';

/** How long a shell of these tests may take to answer. */
const timeoutMs = 50_000;

function createFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'login-path-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A login shell whose start-up file is `startUp`; it then does what it was asked to. */
function createShell(folder: string, startUp: string, name = 'shell'): string {
  const shell = join(folder, name);
  writeFileSync(shell, `#!/bin/sh\necho "$@" >> ${folder}/calls\n${startUp}\nshift\neval "$1"\n`);
  chmodSync(shell, 0o755);
  return shell;
}

test("The PATH is the one that the login shell's start-up files make, not ours", async () => {
  const folder = createFolder();
  writeFileSync(join(folder, '.bash_profile'), 'export PATH="$HOME/homebrew/bin:/usr/bin:/bin"\n');
  const found = await askLoginPath({ env: { HOME: folder, SHELL: '/bin/bash', PATH: '/nowhere' }, timeoutMs });
  expect(found).toEqual({ path: `${folder}/homebrew/bin:/usr/bin:/bin`, source: 'login-shell' });
});

test('The shell is asked once, however many ask', async () => {
  const folder = createFolder();
  const ask = createLoginPath({ env: { SHELL: createShell(folder, 'PATH=/usr/bin:/bin'), PATH: '/bin' }, timeoutMs });
  const answers = await Promise.all([ask(), ask(), ask()]);
  expect([...answers, await ask()].map(({ path }) => path)).toEqual(Array.from({ length: 4 }, () => '/usr/bin:/bin'));
  expect(readFileSync(join(folder, 'calls'), 'utf8').match(/^-ilc /gm)).toHaveLength(1);
});

test.each([
  ['prints a greeting without end of line', 'printf "Welcome to the machine! PATH=/evil "; PATH=/good:/bin'],
  ['prints much', 'head -c 3000000 /dev/zero | tr "\\0" x; PATH=/good:/bin'],
  ['colours its prompt', 'printf "\\033]0;title\\007\\033[1m"; PATH=/good:/bin'],
  ['reads its input', 'read answer; PATH=/good:/bin'],
  ['prints errors', 'echo "bash: no job control in this shell" >&2; PATH=/good:/bin'],
  ['hangs when it has answered', 'trap "sleep 100" EXIT; PATH=/good:/bin'],
])('A shell that %s is understood', async (_, startUp) => {
  const folder = createFolder();
  const began = performance.now();
  const env = { SHELL: createShell(folder, startUp), PATH: '/usr/bin:/bin' };
  const found = await askLoginPath({ env, timeoutMs });
  expect(found).toMatchObject({ path: '/good:/bin', source: 'login-shell' });
  expect(performance.now() - began).toBeLessThan(40_000);
});

test('A shell that hangs is given up after its time, with all that it started, and the usual places are used', async () => {
  const folder = createFolder();
  const sleeper = `sleep 12345.${randomInt(1e9)}`;
  const shell = createShell(folder, `trap "" TERM; ${sleeper} & while :; do sleep 1; done`);
  const found = await askLoginPath({ env: { SHELL: shell, PATH: '/opt/own:/bin', HOME: folder }, timeoutMs: 300 });
  expect(found).toMatchObject({ source: 'usual-places', problem: `${shell} did not answer within 0.3 s` });
  expect(found.path.split(':').slice(0, 2)).toEqual(['/opt/own', '/bin']);
  expect(found.path.split(':')).toContain('/usr/bin');
  const left = async () =>
    (await listProcesses()).filter(({ pid }) => commandLine(pid).includes(shell) || commandLine(pid) === sleeper);
  // On a busy machine what was killed may take a moment to end.
  await expect.poll(left).toEqual([]);
});

test.each([
  ['exit 1', 'ended without an answer', timeoutMs],
  ['PATH=', 'has an empty PATH', timeoutMs],
  ['exec yes', 'did not answer within 0.4 s', 400],
])('A shell that can not tell (%s) is not waited for', async (startUp, problem, limitMs) => {
  const folder = createFolder();
  const shell = createShell(folder, startUp);
  const found = await askLoginPath({ env: { SHELL: shell, PATH: '/bin' }, timeoutMs: limitMs });
  expect(found).toMatchObject({ source: 'usual-places', problem: `${shell} ${problem}` });
});

test('A shell that is no program is passed over for the one of the user', async () => {
  const folder = createFolder();
  const env = { SHELL: join(folder, 'gone'), PATH: '/usr/bin:/bin', HOME: folder };
  const found = await askLoginPath({ env, timeoutMs });
  expect(found.source).toBe('login-shell');
});

test("What npm puts into the PATH is not passed on, nor are relative folders, nor npm's and Node's variables", async () => {
  const folder = createFolder();
  const env = {
    SHELL: createShell(folder, 'env > "$(dirname "$0")/environment"; PATH="$PATH:relative::."'),
    PATH: '/x/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/usr/bin:/bin',
    NODE_OPTIONS: '--inspect',
    npm_lifecycle_event: 'canary',
  };
  expect((await askLoginPath({ env, timeoutMs })).path).toBe('/usr/bin:/bin');
  expect(readFileSync(join(folder, 'environment'), 'utf8')).not.toMatch(/npm_|NODE_OPTIONS|node_modules/);
});

test('A command is a file that may be run, found in order; relative folders of the PATH are passed over', () => {
  const folder = createFolder();
  for (const name of ['a', 'b', 'c']) mkdirSync(join(folder, name));
  mkdirSync(join(folder, 'a', 'tool'));
  writeFileSync(join(folder, 'b', 'tool'), '', { mode: 0o644 });
  writeFileSync(join(folder, 'c', 'real tool'), '', { mode: 0o755 });
  symlinkSync('real tool', join(folder, 'c', 'tool'));
  const path = ['a', 'b', 'c'].map((name) => join(folder, name)).join(':');
  expect(findCommand('tool', path)).toBe(join(folder, 'c', 'tool'));
  expect(findCommand('tool', `.:c:${join(folder, 'b')}`)).toBeUndefined();
  expect(findCommand('./c/real tool', '', folder)).toBe(join(folder, 'c', 'real tool'));
  expect(findCommand(join(folder, 'c', 'tool'), '')).toBe(join(folder, 'c', 'tool'));
  for (const name of ['', 'no\0name', '..', 'gone']) expect(findCommand(name, path)).toBeUndefined();
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // it has ended meanwhile
  }
}
