import { describe, expect, test } from 'vitest';
import { panelParameters, planStart, type StartFacts } from '../../scripts/start/plan-start.ts';

const mac: StartFacts = { platform: 'darwin', env: {}, uid: 501, parameters: [] };
const linux: StartFacts = { ...mac, platform: 'linux', env: { DISPLAY: ':0' }, uid: 1000 };

const reasonOf = (facts: StartFacts): string | undefined => {
  const plan = planStart(facts);
  return plan.kind === 'browser' ? plan.reason : undefined;
};

describe('npm start', () => {
  test('starts the app on a desktop, also with a sample', () => {
    for (const facts of [mac, linux, { ...linux, env: { WAYLAND_DISPLAY: 'wayland-0' } }]) {
      expect(planStart({ ...facts, parameters: ['--sample'] })).toEqual({ kind: 'app' });
    }
  });

  test('starts the app with an Electron that is named, wherever that is', () => {
    const env = { CODEX_BACKUP_ELECTRON: '/opt/electron' };
    expect(planStart({ ...linux, env, uid: 0 })).toEqual({ kind: 'app' });
  });

  test('opens the panel in the browser where the app can not be, and says why', () => {
    expect(reasonOf({ ...linux, env: {} })).toBe('there is no display here');
    expect(reasonOf({ ...linux, uid: 0 })).toBe('the sandbox of Electron does not run as root');
    expect(reasonOf({ ...mac, env: { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' } })).toContain('SSH');
    expect(reasonOf({ ...mac, platform: 'win32' })).toContain('win32');
    expect(reasonOf({ ...mac, env: { CODEX_BACKUP_ELECTRON: 'off' } })).toContain('CODEX_BACKUP_ELECTRON');
  });

  test('does so when the parameters ask for it, and hands them on', () => {
    expect(reasonOf({ ...mac, parameters: ['--browser'] })).toContain('--browser');
    expect(reasonOf({ ...mac, parameters: ['--port=8080', '--sample'] })).toContain('--port');
    expect(panelParameters(['--browser', '--sample', '--no-open'])).toEqual(['--sample', '--no-open']);
  });
});
