import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Walk } from '../../../src/engine/code/code-entry.ts';
import { walkCode } from '../../../src/engine/code/walk.ts';
import type { WalkOptions } from '../../../src/engine/code/walk-options.ts';
import { gitOptions } from './random-repository.ts';

/** A folder of the test's own, by its real path, that anyone may enter; gone when the test is over. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'walk-')));
  chmodSync(folder, 0o755);
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Writes files with their content; a path that ends in `/` is an empty folder. */
export function writeTree(root: string, tree: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(tree)) {
    const absolute = join(root, path);
    mkdirSync(path.endsWith('/') ? absolute : dirname(absolute), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(absolute, content);
  }
}

/** Walks the whole root unless told otherwise. */
export function walkRoot(root: string, options: Partial<WalkOptions> = {}): Promise<Walk> {
  const backups = join(root, 'backups');
  const signal = new AbortController().signal;
  return walkCode({ root, include: ['.'], exclude: [], backups, databasePaths: [], signal, ...options });
}

/** The paths of all entries, folders with a `/` behind them. */
export function pathsOf(walk: Walk): readonly string[] {
  return walk.entries.map(({ path, kind }) => (kind === 'folder' ? `${path}/` : path));
}

/** Runs git in a folder, without anyone's own settings. */
export function runGit(folder: string, ...args: readonly string[]): string {
  const run = spawnSync('git', ['-C', folder, ...args], gitOptions);
  if (run.status !== 0) throw new Error(`git ${args.join(' ')}: ${run.stderr.toString()}`);
  return run.stdout.toString();
}

/** What a walk by an ordinary user finds: root may read everything, so its walk proves nothing about permissions. */
export interface UserWalk {
  readonly paths: readonly string[];
  readonly skipped: Walk['skipped'];
  readonly warnings: Walk['warnings'];
}

export function walkAsUser(root: string): UserWalk {
  const walkFile = new URL('../../../src/engine/code/walk.ts', import.meta.url);
  const script = `
    const { walkCode } = await import(${JSON.stringify(walkFile.href)});
    const signal = new AbortController().signal;
    const walk = await walkCode({ root: process.argv[1], include: ['.'], exclude: [], backups: '/nowhere', databasePaths: [], signal });
    const paths = walk.entries.map(({ path }) => path);
    console.log(JSON.stringify({ paths, skipped: walk.skipped, warnings: walk.warnings }));`;
  const node = [process.execPath, '--input-type=module', '-e', script, root];
  const isRoot = process.getuid?.() === 0;
  const command = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...node] : node;
  const run = spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}
