import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandOptions, runCommand } from '../measure/run-command.ts';
import type { Workspace } from '../workspace.ts';

const launcher = join(import.meta.dirname, '../../bin/codex-backup.js');

/** Where one Codex and its backups are. */
export interface Place {
  readonly root: string;
  readonly backups: string;
}

/** Starts `codex-backup` as a user's shell would, without npm, and answers the milliseconds until it has ended. */
export function runCodexBackup(
  workspace: Workspace,
  { root, backups }: Place,
  parameters: readonly string[],
  options: Pick<CommandOptions, 'stdout' | 'onStart'> = {},
): Promise<number> {
  const home = homeFolder(workspace);
  const env = { ...process.env, CODEX_BACKUP_HOME: home };
  const all = [launcher, ...parameters, '--root', root, '--backups', backups];
  return runCommand(process.execPath, all, { ...options, env });
}

/** The app home of this run of the bench; the user's own stays untouched. */
export function homeFolder({ folder }: Workspace): string {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  return home;
}
