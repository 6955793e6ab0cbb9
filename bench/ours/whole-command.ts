import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandOptions, runCommand } from '../measure/run-command.ts';
import type { Workspace } from '../workspace.ts';

const launcher = join(import.meta.dirname, '../../bin/codex-backup.js');

/** One Codex, its backups, and the app home that knows them; the user's own home stays untouched. */
export interface Place {
  readonly root: string;
  readonly backups: string;
  readonly home: string;
}

/** An empty backups folder for a root. The compiled modules are shared: only the first command of all compiles them. */
export function newPlace(workspace: Workspace, root: string): Place {
  const home = workspace.newFolder('home');
  const cache = join(workspace.folder, 'home-cache');
  mkdirSync(cache, { recursive: true });
  symlinkSync(cache, join(home, 'cache'));
  return { root, backups: workspace.newFolder('backups'), home };
}

/** Starts `codex-backup` as a user's shell would, without npm, and answers the milliseconds until it has ended. */
export function runCodexBackup(
  { root, backups, home }: Place,
  parameters: readonly string[],
  options: Pick<CommandOptions, 'stdout' | 'onStart'> = {},
): Promise<number> {
  const env = { ...process.env, CODEX_BACKUP_HOME: home };
  const all = [launcher, ...parameters, '--root', root, '--backups', backups];
  return runCommand(process.execPath, all, { ...options, env });
}
