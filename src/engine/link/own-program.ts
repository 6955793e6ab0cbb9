import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { LinkRequest } from './link.ts';

export interface ProgramFacts {
  /** Where the program lies: a clone, or `program` in the packaged app, beside which is its command. */
  readonly programFolder: string;
  /** The binary that runs this process. */
  readonly execPath: string;
  /** Whether that binary is Electron, which starts an app unless it is told to be Node. */
  readonly isElectron: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * How others start this program: a Node and bin/codex-backup.js, or the packaged app's own command. Throws AppError
 * `usage` where the app lies in a place that will be gone when it is needed.
 */
export function findOwnProgram({ programFolder, execPath, isElectron, env }: ProgramFacts): Omit<LinkRequest, 'root'> {
  const cliPath = join(programFolder, 'bin', 'codex-backup.js');
  if (existsSync(cliPath)) {
    return { nodePath: isElectron ? join(programFolder, 'node_modules', '.bin', 'node') : execPath, cliPath };
  }
  refuseFleeting(programFolder, env);
  return { nodePath: join(dirname(programFolder), 'bin', 'codex-backup') };
}

function refuseFleeting(programFolder: string, env: NodeJS.ProcessEnv): void {
  if (programFolder.includes('/AppTranslocation/')) {
    throw new AppError('usage', 'macOS runs this app from a temporary place, so nothing could find it there again.', {
      hint: 'Move Codex Auto-Backup to the Applications folder, open it from there, and try again.',
    });
  }
  if (env['APPIMAGE'] !== undefined && env['APPDIR'] !== undefined && programFolder.startsWith(env['APPDIR'])) {
    throw new AppError(
      'usage',
      'An AppImage is unpacked anew at each start, so nothing could find its command again.',
      {
        hint: 'Install the .deb, or unpack the AppImage with --appimage-extract and use the command in it.',
      },
    );
  }
}
