import { join } from 'node:path';
import type { CodePlan } from '../../shared/restore-plan.ts';
import { readTextIfThere } from '../platform/read-if-there.ts';
import type { CodeSource } from './code-source.ts';
import { lookAt } from './live-entry.ts';
import { isWanted, liesBelow } from './path-tree.ts';
import { findModuleAbi } from './services/module-abi.ts';
import { type PackageFacts, parsePackage } from './services/package-facts.ts';

export interface GatherPackagesOptions {
  readonly root: string;
  readonly source: CodeSource;
  readonly plan: CodePlan;
  /** The paths that are restored; everything where there are none. */
  readonly paths: readonly string[];
}

/** The services, and `packages/*`, as they will be after the restore: what is restored counts, else what is there. */
export async function gatherPackages({ root, source, plan, paths }: GatherPackagesOptions): Promise<PackageFacts[]> {
  const moved = new Set(plan.moves.filter(({ kind }) => kind !== 'mode').map(({ path }) => path));
  const restored = new Map(
    source.entries.flatMap((entry) => (isWanted(entry.path, paths) ? [[entry.path, entry]] : [])),
  );
  const folders = new Set([...source.entries].flatMap(({ path }) => packageFolder(path)));
  // What does not change is read where it lies, which is quicker than from the archive.
  const changed = new Set(plan.changes.map(({ path }) => path));
  const found: PackageFacts[] = [];
  for (const folder of [...folders].sort()) {
    const file = folder === '' ? 'package.json' : `${folder}/package.json`;
    const entry = restored.get(file);
    const isChanged = entry !== undefined && changed.has(file);
    const text = isChanged ? await source.readText(file) : readTextIfThere(join(root, file));
    // A folder that is moved aside, or comes in whole, has neither modules nor anything built.
    const isNew = moved.has(folder) || liesBelow(folder, moved);
    const has = (name: string): boolean => !isNew && lookAt(join(root, folder, name)) !== undefined;
    const facts =
      text === undefined
        ? undefined
        : parsePackage(folder, text, {
            hasModules: has('node_modules'),
            hasDist: has('dist'),
            moduleAbi: has('node_modules') ? findModuleAbi(join(root, folder)) : undefined,
          });
    if (facts !== undefined) found.push(facts);
  }
  return found;
}

/** Of the root, of a folder in it, or of one in `packages`: deeper ones are data, not services. */
function packageFolder(path: string): readonly string[] {
  const match = /^(?:((?:packages\/)?[^/]+)\/)?package\.json$/.exec(path);
  return match === null ? [] : [match[1] ?? ''];
}
