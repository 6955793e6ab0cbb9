import { expect, test } from 'vitest';
import { planWatchCommand } from '../../../src/engine/operations/service.ts';

test('the service of the packaged app runs its command, not the binary that would open the app', () => {
  const resources = '/Applications/Codex Auto-Backup.app/Contents/Resources';
  const execPath = '/Applications/Codex Auto-Backup.app/Contents/MacOS/Codex Auto-Backup';
  const facts = { programFolder: `${resources}/program`, execPath, isElectron: true, env: {} };
  const [program, ...parameters] = planWatchCommand(facts, '/Users/ana/Codex', '/Users/ana/Backups');
  expect(program).toBe(`${resources}/bin/codex-backup`);
  expect(parameters).toEqual(['watch', '--root', '/Users/ana/Codex', '--backups', '/Users/ana/Backups']);
});

test('no service is made of an app in a place that will be gone', () => {
  const programFolder =
    '/private/var/folders/ab/T/AppTranslocation/1F/d/Codex Auto-Backup.app/Contents/Resources/program';
  const facts = { programFolder, execPath: '/any', isElectron: true, env: {} };
  expect(() => planWatchCommand(facts, '/Users/ana/Codex', '/Users/ana/Backups')).toThrow(
    expect.objectContaining({ code: 'usage', hint: expect.stringContaining('Applications folder') }),
  );
});
