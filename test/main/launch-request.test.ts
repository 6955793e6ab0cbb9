import type { App } from 'electron';
import { describe, expect, test } from 'vitest';
import { atLogin, launchRequest, parseLaunchRequest } from '../../src/main/launch-request.ts';
import { wasOpenedAtLogin } from '../../src/main/login-item.ts';

const id = 'codex-backup-2025-11-22T03-35-57-396Z';

describe('the arguments of a start', () => {
  test('without any, the panel is shown; hidden or with Codex, nothing is', () => {
    expect(parseLaunchRequest([])).toEqual({ kind: 'show' });
    expect(parseLaunchRequest(['.', '--user-data-dir=/tmp/x'])).toEqual({ kind: 'show' });
    expect(parseLaunchRequest(['--hidden'])).toEqual({ kind: 'stay' });
    expect(parseLaunchRequest(['--boot'])).toEqual({ kind: 'stay' });
  });

  test('by the system after a login, nothing is shown; only macOS starts it so', () => {
    const settings = { wasOpenedAtLogin: true } as Electron.LoginItemSettings;
    const app: Pick<App, 'getLoginItemSettings'> = { getLoginItemSettings: () => settings };
    expect(wasOpenedAtLogin(app, 'darwin')).toBe(true);
    expect(wasOpenedAtLogin(app, 'linux')).toBe(false);
    expect(atLogin(parseLaunchRequest([]))).toEqual({ kind: 'stay' });
    expect(atLogin(parseLaunchRequest(['--backup']))).toEqual({ kind: 'backUp' });
  });

  test('a snapshot is asked for, or a restore is shown, with its id after it or joined to it', () => {
    expect(parseLaunchRequest(['--backup', '--hidden'])).toEqual({ kind: 'backUp' });
    expect(parseLaunchRequest(['--restore', id])).toEqual({ kind: 'restore', id });
    expect(parseLaunchRequest([`--restore=${id}`, '--hidden'])).toEqual({ kind: 'restore', id });
  });

  test('what is no id restores nothing', () => {
    for (const wrong of ['../../etc', '', 'latest', '--backup']) {
      expect(parseLaunchRequest(['--restore', wrong]).kind).not.toBe('restore');
    }
  });

  test('what another process hands over is believed only in this form', () => {
    expect(launchRequest.safeParse({ kind: 'restore', id: '/etc/passwd' }).success).toBe(false);
    expect(launchRequest.safeParse({ kind: 'backUp', more: 1 }).success).toBe(false);
    expect(launchRequest.safeParse({ kind: 'restore', id }).success).toBe(true);
  });
});
