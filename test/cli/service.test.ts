import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../src/engine/context.ts';
import { installService, removeService } from '../../src/engine/operations/service.ts';
import { silentLogger } from '../../src/engine/platform/logger.ts';
import { readTextIfThere } from '../../src/engine/platform/read-if-there.ts';
import { createFaultPlace, type FaultPlace } from '../faults/support/fault-place.ts';
import { waitUntil } from '../helpers/sample.ts';

/** A stand-in for systemctl or launchctl: notes its arguments, and answers what the test wants. */
function createManager(place: FaultPlace, name: string, answers: string): { readonly path: string; calls(): string[] } {
  const bin = join(place.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const record = join(place.folder, 'calls.txt');
  writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${record}'\n${answers}\n`, { mode: 0o755 });
  return {
    path: [bin, process.env['PATH']].join(delimiter),
    // Whole lines: the last one may be half written.
    calls: () => (readTextIfThere(record) ?? '').split('\n').slice(0, -1),
  };
}

const working = 'case "$2" in is-active) echo active;; is-enabled) echo enabled;; esac; exit 0';

const units = (place: FaultPlace): readonly string[] => {
  const folder = join(place.folder, '.config/systemd/user');
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** The words of ExecStart, as systemd would read them. */
function execStart(place: FaultPlace): readonly string[] {
  const [unit = ''] = units(place);
  const text = readFileSync(join(place.folder, '.config/systemd/user', unit), 'utf8');
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(text) ?? [];
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) =>
    word.replaceAll('%%', '%').replaceAll('$$', '$'),
  );
}

test('install has systemd run the watcher, status tells, remove leaves nothing', async () => {
  const place = createFaultPlace();
  const { path, calls } = createManager(place, 'systemctl', working);
  const environment = { PATH: path, XDG_CONFIG_HOME: join(place.folder, '.config') };
  const run = async (action: string) => {
    const { code, out, err } = await place.run(['service', action, '--json'], { environment });
    expect(code, err + out).toBe(0);
    return JSON.parse(out).service;
  };
  expect(await run('status')).toMatchObject({ state: 'not installed', manager: 'systemd', watcher: null });
  expect(calls()).toEqual([]);
  const { name, file } = await run('install');
  expect(calls()).toEqual([
    '--user daemon-reload',
    `--user enable ${name}`,
    `--user restart ${name}`,
    `--user is-active ${name}`,
    `--user is-enabled ${name}`,
  ]);
  expect(await run('status')).toMatchObject({ state: 'running', isEnabled: true, file });

  // What the unit starts is a watcher, and there is one per root.
  const [program = '', ...parameters] = execStart(place);
  const watcher: ChildProcess = spawn(program, parameters, { env: { ...place.env, ...environment }, cwd: '/' });
  onTestFinished(() => void watcher.kill('SIGKILL'));
  await waitUntil('the service watches', async () => (await run('status')).watcher?.pid === watcher.pid, watcher);
  expect((await place.run(['watch'], { environment })).code).toBe(4);
  watcher.kill('SIGTERM');
  expect((await once(watcher, 'exit'))[0]).toBe(0);

  await run('remove');
  expect(units(place)).toEqual([]);
  expect(calls().at(-2)).toBe(`--user disable --now ${name}`);
  expect(await run('remove')).toMatchObject({ state: 'not installed' });
});

test.for([
  ['has no bus', 'echo "Failed to connect to bus: No medium found" >&2; exit 1', 'Failed to connect to bus'],
  ['is not there', undefined, 'not installed'],
] as const)('where systemd %s it says so and what to do, and leaves no file', async ([_what, answers, why]) => {
  const place = createFaultPlace();
  const path = answers === undefined ? join(place.folder, 'nothing') : createManager(place, 'systemctl', answers).path;
  const environment = { PATH: path, XDG_CONFIG_HOME: join(place.folder, '.config') };
  const { code, out } = await place.run(['service', 'install', '--json'], { environment });
  expect(code).toBe(1);
  const { error } = JSON.parse(out);
  expect(error).toMatchObject({ code: 'service-unavailable', hint: expect.stringContaining('codex-backup watch') });
  expect(error.message).toContain(why);
  expect(units(place)).toEqual([]);
});

test('an action that there is not is wrong usage', async () => {
  const place = createFaultPlace();
  expect((await place.run(['service', 'start'])).code).toBe(2);
});

/** As launchd has it: one that is asked to end says that it is in progress while `slow` is there, and is gone later. */
function launchdOf({ folder }: FaultPlace): string {
  const [loaded, slow] = [join(folder, 'loaded'), join(folder, 'slow')];
  return `case "$1" in
print) [ -e '${loaded}' ] || exit 113
  if [ -e '${slow}.ending' ]; then rm '${slow}.ending' '${loaded}'; fi
  echo "  state = running";;
bootout) if [ -e '${slow}' ]; then touch '${slow}.ending'; echo 'Boot-out failed: 36: Operation now in progress' >&2; exit 36; fi
  rm '${loaded}';;
bootstrap) if [ -e '${loaded}.refused' ]; then rm '${loaded}.refused'; echo 'Bootstrap failed: 78' >&2; exit 78; fi
  if [ -e '${loaded}' ]; then echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5; fi
  touch '${loaded}';;
esac; exit 0`;
}

const contextOf = (place: FaultPlace, path: string) =>
  createContext({
    root: place.root,
    home: place.home,
    env: { PATH: path, HOME: place.folder },
    clock: { now: Date.now },
    logger: silentLogger,
  });

test('on macOS a watcher that takes its time to end is waited for, and then replaced or removed', async () => {
  const place = createFaultPlace();
  const { path, calls } = createManager(place, 'launchctl', launchdOf(place));
  const context = contextOf(place, path);
  await installService(context, 'darwin');
  writeFileSync(join(place.folder, 'slow'), '');
  expect(await installService(context, 'darwin')).toMatchObject({ state: 'running' });
  const removed = await removeService(context, 'darwin');
  expect(removed.state).toBe('not installed');
  expect(existsSync(removed.file)).toBe(false);
  expect(calls().filter((call) => call.startsWith('bootout'))).toHaveLength(2);
  context.state.close();
});

test('an install that fails leaves the service that was there running, as it was', async () => {
  const place = createFaultPlace();
  const { path, calls } = createManager(place, 'launchctl', launchdOf(place));
  const before = contextOf(place, path);
  const { file } = await installService(before, 'darwin');
  before.state.close();
  const text = readFileSync(file, 'utf8');
  const refused = join(place.folder, 'loaded.refused');
  writeFileSync(refused, '');
  const context = contextOf(place, `${path}${delimiter}/opt/more`);
  await expect(installService(context, 'darwin')).rejects.toMatchObject({ code: 'service-unavailable' });
  expect(existsSync(refused), 'the fault fired').toBe(false);
  expect(calls().filter((call) => call.startsWith('bootstrap'))).toHaveLength(3);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(existsSync(join(place.folder, 'loaded'))).toBe(true);
  context.state.close();
});

test('on macOS launchd is called with the agent, anew when it is there already', async () => {
  const place = createFaultPlace();
  const { path, calls } = createManager(place, 'launchctl', launchdOf(place));
  const context = contextOf(place, path);
  await installService(context, 'darwin');
  const before = calls().length;
  const installed = await installService(context, 'darwin');
  const domain = `gui/${process.getuid?.()}`;
  expect(installed).toMatchObject({ state: 'running', manager: 'launchd' });
  expect(calls().slice(before)).toEqual([
    `print ${domain}/${installed.name}`,
    `bootout ${domain}/${installed.name}`,
    `print ${domain}/${installed.name}`,
    `enable ${domain}/${installed.name}`,
    `bootstrap ${domain} ${installed.file}`,
    `print ${domain}/${installed.name}`,
  ]);
  expect((await removeService(context, 'darwin')).state).toBe('not installed');
  expect(existsSync(installed.file)).toBe(false);
  context.state.close();
});
