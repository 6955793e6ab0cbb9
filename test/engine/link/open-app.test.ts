import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeAppRecord } from '../../../src/engine/link/app-record.ts';
import { isRunning, openAppAfterBoot, planOpening } from '../../../src/engine/link/open-app.ts';
import { listProcesses } from '../../../src/engine/platform/process-list.ts';
import type { AppRecord } from '../../../src/shared/app-messages.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { createTestApp, type TestApp } from '../../helpers/test-app.ts';

const mac = '/Applications/Codex Auto-Backup.app/Contents/MacOS/Codex Auto-Backup';
const startedAt = '2026-11-27T08:00:00.000Z';
const record: AppRecord = { format: 1, executable: mac, arguments: [], pid: 1, startedAt };

describe('the plan of opening the app', () => {
  it('has macOS open its bundle, hidden and without taking the focus', () => {
    const bundle = '/Applications/Codex Auto-Backup.app';
    expect(planOpening(record, 'darwin')).toEqual(['/usr/bin/open', '-g', '-j', '-a', bundle, '--args', '--hidden']);
  });

  it('starts its program elsewhere, with the arguments that it was started with', () => {
    const linux = {
      ...record,
      executable: '/opt/Codex Auto-Backup/codex-auto-backup',
      arguments: ['--user-data-dir=/x'],
    };
    expect(planOpening(linux, 'linux')).toEqual([linux.executable, '--user-data-dir=/x', '--hidden']);
  });

  it('starts its program on macOS too where it is no bundle', () => {
    expect(planOpening({ ...record, executable: '/usr/local/bin/electron' }, 'darwin')[0]).toBe(
      '/usr/local/bin/electron',
    );
  });
});

describe('whether the app runs', () => {
  it('is told by its pid and by when that process began', async () => {
    const processes = await listProcesses();
    const own = { ...record, pid: process.pid };
    expect(isRunning({ ...own, startedAt: new Date().toISOString() }, processes)).toBe(true);
    const before = new Date(Date.now() - process.uptime() * 1000 - 60_000).toISOString();
    expect(isRunning({ ...own, startedAt: before }, processes)).toBe(false);
    expect(isRunning({ ...own, pid: 999_999_999 }, processes)).toBe(false);
  });
});

describe('after a boot', () => {
  let home: string;
  let app: TestApp;
  beforeEach(() => {
    home = join(temporaryFolder(), 'app-home');
    mkdirSync(home);
    app = createTestApp(home);
  });
  afterEach(() => app.end());
  const open = (env: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = 'linux') =>
    openAppAfterBoot({
      home,
      env: { ...process.env, CODEX_BACKUP_HOME: home, CODEX_BACKUP_CALLER_PID: '1', DISPLAY: ':0', ...env },
      platform,
    });

  it('an app that was started before and has ended is opened without a window, with nothing of its caller', async () => {
    app.record();
    expect(
      await open({ NODE_OPTIONS: '--no-warnings', npm_lifecycle_event: 'codex:start', ELECTRON_RUN_AS_NODE: '1' }),
    ).toBe('opened');
    const [start] = await app.starts(1);
    expect(start?.parameters).toEqual(['--kept', '--hidden']);
    expect(start?.environment).toMatchObject({ CODEX_BACKUP_HOME: home, DISPLAY: ':0' });
    for (const name of ['NODE_OPTIONS', 'npm_lifecycle_event', 'ELECTRON_RUN_AS_NODE', 'CODEX_BACKUP_CALLER_PID']) {
      expect(start?.environment).not.toHaveProperty(name);
    }
    // Of a session of its own, so that whoever ends the Boot Manager's group leaves it.
    const processes = await listProcesses();
    expect(processes.find(({ pid }) => pid === start?.pid)?.group).toBe(start?.pid);
  });

  it('an app that runs is left alone', async () => {
    app.record();
    await open();
    await app.starts(1);
    expect(await open()).toBe('runs');
  });

  it('an app whose number another process has got since is opened', async () => {
    const other = spawn('sleep', ['100'], { stdio: 'ignore' });
    onTestFinished(() => void other.kill('SIGKILL'));
    app.record({ pid: other.pid ?? 0, startedAt: new Date(Date.now() - 3_600_000).toISOString() });
    expect(await open()).toBe('opened');
    await app.starts(1);
  });

  it('nothing is opened where no app was ever started, where it was removed, or where its record can not be read', async () => {
    expect(await open()).toBe('not-installed');
    writeAppRecord(home, { ...record, executable: join(home, 'gone') });
    expect(await open()).toBe('not-installed');
    writeFileSync(join(home, 'app.json'), '{ "format": 2 }');
    expect(await open()).toBe('not-installed');
  });

  it('nothing is opened without a display on Linux, or when it was no linked script that called', async () => {
    app.record();
    expect(await open({ DISPLAY: undefined, WAYLAND_DISPLAY: undefined })).toBe('no-display');
    expect(await open({ CODEX_BACKUP_CALLER_PID: undefined })).toBe('not-linked');
    expect(existsSync(app.startsFile)).toBe(false);
  });

  it('a program that can not be started is told, by its name', async () => {
    const executable = join(home, 'not-executable');
    writeFileSync(executable, 'no program', { mode: 0o600 });
    writeAppRecord(home, { ...record, executable });
    await expect(open()).rejects.toMatchObject({ code: 'io', message: expect.stringContaining(executable) });
    expect(readFileSync(executable, 'utf8')).toBe('no program');
  });
});
