import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import ignore from 'ignore';

/** What no settings and no rule file can bring in (docs: settings). Patterns as in a .gitignore; for names at any depth. */
const builtinExcludes = [
  '.git',
  'node_modules',
  'dist',
  '*.log',
  '.env',
  '.env.*',
  '!.env.example',
  '!.env.sample',
  '!.env.template',
  '.codex-playwright-profile',
] as const;

/** Names come again and again; this many are remembered. */
const rememberedNames = 5_000;

/** A test for names that are always excluded. */
export function createBuiltinTest(): (name: string) => boolean {
  let matcher = ignore({ ignorecase: false }).add(builtinExcludes);
  let asked = 0;
  return (name) => {
    asked += 1;
    if (asked % rememberedNames === 0) matcher = ignore({ ignorecase: false }).add(builtinExcludes);
    return matcher.ignores(name);
  };
}

/** Whether an excluded name is that of an environment file, whose keys a snapshot lists. */
export function isEnvName(name: string): boolean {
  return name === '.env' || name.startsWith('.env.');
}

/** A Chromium profile, wherever it lies: a folder that holds both `Local State` and `Default/`. */
export function isBrowserProfile(folder: string): boolean {
  const state = lstatSync(join(folder, 'Local State'), { throwIfNoEntry: false });
  if (state === undefined) return false;
  return lstatSync(join(folder, 'Default'), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The paths of databases together with their side files. */
export function withSideFiles(databasePaths: readonly string[]): ReadonlySet<string> {
  return new Set(databasePaths.flatMap((path) => [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]));
}
