import { expect, test } from 'vitest';
import { findExecutable, planAppRecord } from '../../src/main/app-record.ts';
import { appRecord } from '../../src/shared/app-messages.ts';

const id = 'codex-backup-2025-11-22T03-35-57-396Z';
const facts = { executable: '/Applications/App', pid: 12, startedMs: Date.parse('2025-11-22T03:35:57.396Z') };

test('the record starts the app again as it was started, without what was asked of that one start', () => {
  const given = [
    '/project',
    '--backup',
    '--restore',
    id,
    '--user-data-dir=/tmp/x',
    '--hidden',
    '--boot',
    `--restore=${id}`,
  ];
  const record = planAppRecord({ ...facts, arguments: given });
  expect(record).toEqual({
    format: 1,
    executable: '/Applications/App',
    arguments: ['/project', '--user-data-dir=/tmp/x'],
    pid: 12,
    startedAt: '2025-11-22T03:35:57.396Z',
  });
  expect(appRecord.parse(record)).toEqual(record);
});

test('an AppImage is started by its own name, not from where it is mounted this time', () => {
  const mounted = { APPIMAGE: '/home/mira/Codex.AppImage', APPDIR: '/tmp/.mount_Codex1' };
  expect(findExecutable('/tmp/.mount_Codex1/codex-auto-backup', mounted)).toBe('/home/mira/Codex.AppImage');
  // Started from a terminal that is an AppImage itself.
  expect(findExecutable('/opt/app/codex-auto-backup', mounted)).toBe('/opt/app/codex-auto-backup');
  expect(findExecutable('/opt/app/codex-auto-backup', {})).toBe('/opt/app/codex-auto-backup');
});
