import { type Dirent, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ignore from 'ignore';
import { isInside } from '../folders.ts';
import { parentsOf } from './path-tree.ts';

export interface FindCarriedOptions {
  readonly root: string;
  readonly backups: string;
  /** Patterns as in a .gitignore at the root. */
  readonly patterns: readonly string[];
  /** Every entry of the snapshot, and its databases, by path; true for a folder. */
  readonly held: ReadonlyMap<string, boolean>;
  /** Databases of today and their side files: they never are mere files. */
  readonly databases: ReadonlySet<string>;
}

/** What of a root comes along into a fresh one, and what of its first level does not. Paths relative to the root. */
export interface CarriedFiles {
  readonly carried: readonly string[];
  readonly left: readonly string[];
}

/** Made by programs from what else is there, or too large to be anything else. */
const neverCarried = new Set(['node_modules', 'dist', '.git']);

/** Finds the files and links of a root that the patterns name and the snapshot does not hold. Follows no link. */
export function findCarried(options: FindCarriedOptions): CarriedFiles {
  const { root, backups, held } = options;
  const matcher = ignore({ ignorecase: false }).add([...options.patterns]);
  const carried: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
      const full = join(folder, entry.name);
      const path = relative(root, full);
      if (isInside(backups, full) || neverCarried.has(entry.name)) continue;
      if (entry.isDirectory()) visit(full);
      else if (matcher.ignores(path) && isFree(path, entry, options)) carried.push(path);
    }
  };
  visit(root);
  const present = new Set([...carried, ...held.keys(), relative(root, backups)].map(firstName));
  return { carried, left: readdirSync(root).filter((name) => !present.has(name)) };
}

/** Sockets and the like can't be copied; what would lie behind a file or a link of the snapshot has no place. */
function isFree(path: string, entry: Dirent, { held, databases }: FindCarriedOptions): boolean {
  if (!entry.isFile() && !entry.isSymbolicLink()) return false;
  return !held.has(path) && !databases.has(path) && parentsOf(path).every((parent) => held.get(parent) !== false);
}

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);

const firstName = (path: string): string => path.split('/')[0] ?? '';
