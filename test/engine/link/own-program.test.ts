import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findOwnProgram } from '../../../src/engine/link/own-program.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const node = { execPath: '/usr/bin/node', isElectron: false, env: {} };

describe('how others start this program', () => {
  it('is, for a clone, the Node that runs and the launcher', () => {
    const clone = createClone();
    expect(findOwnProgram({ ...node, programFolder: clone })).toEqual({
      nodePath: '/usr/bin/node',
      cliPath: join(clone, 'bin', 'codex-backup.js'),
    });
  });

  it('is, for a clone that Electron runs, the Node that npm brought: Electron would start an app', () => {
    const clone = createClone();
    expect(findOwnProgram({ ...node, isElectron: true, programFolder: clone })).toEqual({
      nodePath: join(clone, 'node_modules', '.bin', 'node'),
      cliPath: join(clone, 'bin', 'codex-backup.js'),
    });
  });

  it('is, for the packaged app, its own command', () => {
    const programFolder = '/Applications/Codex Auto-Backup.app/Contents/Resources/program';
    expect(findOwnProgram({ ...node, isElectron: true, programFolder })).toEqual({
      nodePath: '/Applications/Codex Auto-Backup.app/Contents/Resources/bin/codex-backup',
    });
  });

  it('is refused where macOS runs a copy of the app that will be gone', () => {
    const programFolder =
      '/private/var/folders/ab/T/AppTranslocation/1F/d/Codex Auto-Backup.app/Contents/Resources/program';
    expect(() => findOwnProgram({ ...node, programFolder })).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('Applications folder') }),
    );
  });

  it('is refused inside a mounted AppImage, and not because another one is running', () => {
    const env = { APPIMAGE: '/home/mira/Codex.AppImage', APPDIR: '/tmp/.mount_Codex1' };
    const inside = { ...node, env, programFolder: '/tmp/.mount_Codex1/resources/program' };
    expect(() => findOwnProgram(inside)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(findOwnProgram({ ...inside, programFolder: '/opt/Codex Auto-Backup/resources/program' })).toEqual({
      nodePath: '/opt/Codex Auto-Backup/resources/bin/codex-backup',
    });
  });
});

function createClone(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'codex-backup.js'), '');
  return folder;
}
