import { spawnSync } from 'node:child_process';
import { chownSync, lchownSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launcher } from '../../cli/support/spawn-cli.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/** Who runs a command that must not be root: ourselves, unless we are; then `nobody`. */
export const plainUser = isRoot ? { uid: nobody, gid: nobody } : {};

/** Why no command can run as a user that isn't root here; undefined where it can. */
export const whyNoPlainUser = findObstacle();

function findObstacle(): string | undefined {
  if (!isRoot) return undefined;
  const { status } = spawnSync(process.execPath, [launcher, '--version'], {
    ...plainUser,
    cwd: '/',
    env: { CODEX_BACKUP_HOME: join(tmpdir(), 'codex-backup-nobody-never-made') },
  });
  return status === 0 ? undefined : 'another user than root can not read this repository';
}

/** Hands a folder and all that is in it to that user. */
export function giveToPlainUser(folder: string): void {
  if (!isRoot) return;
  chownSync(folder, nobody, nobody);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), nobody, nobody);
  }
}
