import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Takes a snapshot as v1.5 did: a copy of the Brain's file, and everything of its folders with tar. Answers its id. */
export function takeLegacySnapshot({ root, brain }: { readonly root: string; readonly brain: string }): string {
  const id = 'codex-backup-2025-11-22T03-35-57Z';
  const folder = join(root, 'backups', id);
  mkdirSync(folder, { recursive: true });
  cpSync(brain, join(folder, 'codex-brain.db'));
  const parts = readdirSync(root).filter((name) => /^codex-|^packages$|^package\.json$/.test(name));
  const archive = join(folder, 'codex-code.tar.gz');
  const { status, stderr } = spawnSync('tar', ['-czf', archive, ...parts], { cwd: root, encoding: 'utf8' });
  if (status !== 0 || statSync(archive).size === 0) throw new Error(stderr);
  return id;
}
