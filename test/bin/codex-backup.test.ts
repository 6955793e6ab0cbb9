import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '../../bin/codex-backup.js');
/** Nodes of the system, found by version: the tests themselves run on the one that npm installed. */
const oldNode = ['/usr/bin/node', '/usr/local/bin/node', '/opt/homebrew/bin/node'].find((path) => {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 && Number(/^v(\d+)/.exec(stdout)?.[1]) < 22;
});

/** Stands in for the command line: it shows what it was called with, or does what its argument says. */
const mainModule = `
export async function main(args: readonly string[]): Promise<number> {
  const flags: readonly string[] = process.execArgv;
  if (args[0] === 'throw') throw new Error('it broke');
  if (args[0] === 'forget') await new Promise(() => undefined);
  if (args[0] === 'die') process.kill(process.pid, 'SIGKILL');
  if (args[0] === 'wait') {
    const timer = setTimeout(() => undefined, 60_000);
    const ended = new Promise<number>((resolve) => process.once('SIGTERM', () => resolve(130)));
    process.stdout.write('ready');
    await ended;
    clearTimeout(timer);
    return ended;
  }
  process.stdout.write(JSON.stringify({ args, flags }));
  return 3;
}
`;

let folder: string;
let program: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-backup-launcher-'));
  program = join(folder, 'bin', 'codex-backup.js');
  mkdirSync(join(folder, 'src', 'cli'), { recursive: true });
  cpSync(join(launcher, '..'), join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'src', 'cli', 'main.ts'), mainModule);
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(NODE_(OPTIONS|COMPILE_CACHE)|XDG_DATA_HOME|CODEX_BACKUP_HOME)$/.test(name),
  );
  env = { ...Object.fromEntries(own), HOME: join(folder, 'home'), CODEX_BACKUP_HOME: join(folder, 'app') };
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function launch(args: readonly string[], nodeFlags: readonly string[] = [], node = process.execPath) {
  return spawnSync(node, [...nodeFlags, program, ...args], { encoding: 'utf8', env });
}

describe('the launcher', () => {
  test('tells an old Node what is needed, and ends with 2', ({ skip }) => {
    if (oldNode === undefined) skip('no Node older than 22 is installed');
    const { status, stdout, stderr } = launch(['list'], [], oldNode);
    expect(stderr).toMatch(
      /^codex-backup needs Node 22[.]14 or later; this is Node \d+[.]\d+[.]\d+[.] Install a newer Node, or run it through npm \(npm run -s codex-backup -- [.]{3}\)[.]\n$/,
    );
    expect(stdout).toBe('');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'app'))).toBe(false);
  });

  test('hands its arguments over and ends with the number that main gives', () => {
    const { status, stdout, stderr } = launch(['files', '--json', 'a b', '']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ args: ['files', '--json', 'a b', ''], flags: [] });
    expect(status).toBe(3);
  });

  test('never takes an end before the work is done for success', () => {
    const { status, stderr } = launch(['forget']);
    expect(status).toBe(1);
    expect(stderr).toContain('ended before its work was done');
  });

  test('prints what main throws, and ends with 1', () => {
    const { status, stdout, stderr } = launch(['throw']);
    expect(stderr).toContain('it broke');
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});

describe('the launcher on a Node that does not strip types by itself', () => {
  const withoutStripping = ['--no-experimental-strip-types'];

  test('starts itself again, with the same arguments, streams and exit code, and without a warning', () => {
    const { status, stdout, stderr } = launch(['a b', '--json'], withoutStripping);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      args: ['a b', '--json'],
      flags: ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'],
    });
    expect(status).toBe(3);
  });

  test('passes a signal on, and waits for what main makes of it', async () => {
    const child = spawn(process.execPath, [...withoutStripping, program, 'wait'], { env });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });

  test('dies of the signal that killed what it started', () => {
    expect(launch(['die'], withoutStripping)).toMatchObject({ status: null, signal: 'SIGKILL' });
  });
});

describe('the compile cache of the launcher', () => {
  test('lies in the app home, which only its owner can read', () => {
    launch([]);
    expect(readdirSync(join(folder, 'app', 'cache', 'compile'))).not.toEqual([]);
    expect(statSync(join(folder, 'app')).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['named by XDG_DATA_HOME', (): NodeJS.ProcessEnv => ({ XDG_DATA_HOME: join(folder, 'data') })],
    ['under HOME', (): NodeJS.ProcessEnv => ({})],
  ])('follows the app home of the engine: %s', (_where, variables) => {
    delete env['CODEX_BACKUP_HOME'];
    env = { ...env, ...variables() };
    launch([]);
    // Asked of a process of its own: the home folder of this one is another.
    const module = join(import.meta.dirname, '../../src/engine/platform/app-home.ts');
    const script = `import { appHome } from ${JSON.stringify(module)}; process.stdout.write(appHome(process.env));`;
    const home = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      env,
    }).stdout;
    expect(home.startsWith(folder)).toBe(true);
    expect(readdirSync(join(home, 'cache', 'compile'))).not.toEqual([]);
  });

  test('is done without where it can not be made', () => {
    writeFileSync(join(folder, 'app'), 'a file where the app home should be');
    const { status, stderr } = launch([]);
    expect(stderr).toBe('');
    expect(status).toBe(3);
  });
});
