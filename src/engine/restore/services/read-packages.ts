import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { findInstaller, findLocalDependencies, type PackageFacts, parsePackage } from './package-facts.ts';

export interface PackageSource {
  /** The live Codex folder, which holds node_modules and dist. */
  readonly root: string;
  /** Covered paths as they will be after the restore, relative to the root. */
  readonly paths: Iterable<string>;
  /** The text of such a path. */
  readonly readText: (path: string) => string;
}

/**
 * The packages of Codex, for `planServices`: folders of the root and of `packages/`, what these depend on or have as
 * workspaces, and whatever else has been installed. A package.json elsewhere may be anything, such as a test's.
 */
export function readPackages({ root, paths, readText }: PackageSource): readonly PackageFacts[] {
  const all = [...paths]
    .filter((path) => posix.basename(path) === 'package.json')
    .flatMap((path) => {
      const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
      const has = (name: string): boolean => existsSync(join(root, folder, name));
      const parsed = parsePackage(folder, readText(path), { hasModules: has('node_modules'), hasDist: has('dist') });
      return parsed === undefined ? [] : [parsed];
    });
  const chosen = new Set(all.filter((facts) => facts.hasModules || isPlaceOfPackages(facts.folder)));
  for (const facts of all) if (chosen.has(findInstaller(facts, all))) chosen.add(facts);
  // A set goes on with what is added while it is walked.
  for (const facts of chosen) for (const each of findLocalDependencies(facts, all)) chosen.add(each);
  return all.filter((facts) => chosen.has(facts));
}

function isPlaceOfPackages(folder: string): boolean {
  return /^(packages\/)?[^/]*$/.test(folder);
}
