import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AppError } from '../shared/app-error.ts';
import type { Settings } from '../shared/settings.ts';

/** The Codex folder: `--root`, else `CODEX_ROOT`, else settings, else `~/Codex`. As its real path. */
export function findRoot(given: string | undefined, env: NodeJS.ProcessEnv, settings: Settings): string {
  const named = nameRoot(given, env, settings);
  const root = named ?? defaultRoot();
  if (existsSync(root)) {
    if (statSync(root).isDirectory()) return realpathSync(root);
    throw new AppError('root-missing', `${root} is not a folder.`, { hint: 'Name the Codex folder with --root.' });
  }
  // An interrupted full restore: its recovery needs the name, and brings the folder back.
  if (isMovedAway(root)) return realPathOfParent(root);
  if (named !== undefined) {
    throw new AppError('root-missing', `There is no folder ${root}.`, { hint: 'Name the Codex folder with --root.' });
  }
  throw new AppError('root-unset', `No Codex folder is named, and there is none at ${root}.`, {
    hint: 'Name it with --root DIR, the variable CODEX_ROOT, or "codex-backup settings root DIR".',
  });
}

/** The Codex folder as it is named, links not followed; undefined where nobody names one. */
export function nameRoot(given: string | undefined, env: NodeJS.ProcessEnv, settings: Settings): string | undefined {
  const named = [given, env['CODEX_ROOT'], settings.root].find((path) => path !== undefined && path !== '');
  return named === undefined ? undefined : resolve(named);
}

export const defaultRoot = (): string => join(homedir(), 'Codex');

/** The backups folder: `--backups`, else settings, else `<root>/backups`. Need not exist. */
export function findBackups(given: string | undefined, settings: Settings, root: () => string): string {
  const named = given ?? settings.backups;
  return named === undefined ? join(root(), 'backups') : realPathOfParent(resolve(named));
}

/** Where restores keep their files: beside the root, so on its file system. */
export function restoresFolder(root: string): string {
  return join(dirname(root), `.${basename(root)}-restores`);
}

/** True when `path` is `folder` or lies in it. Both absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith('../'));
}

/** A full restore was begun there, and the folder has not come back. */
function isMovedAway(root: string): boolean {
  if (!existsSync(restoresFolder(root))) return false;
  return readdirSync(dirname(root)).some((name) => name.startsWith(`${basename(root)}-old-`));
}

function realPathOfParent(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPathOfParent(parent), basename(path));
}
