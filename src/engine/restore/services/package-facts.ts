import { posix } from 'node:path';
import { z } from '../../../shared/zod.ts';
import { parseJson } from '../../platform/parse-json.ts';

/** What the planner knows of one folder with a package.json: a service, one of `packages/*`, or the root itself. */
export interface PackageFacts {
  /** Relative to the root, with `/`; empty for the root. */
  readonly folder: string;
  readonly name: string;
  /** Every kind of dependency: name and version, such as `file:../packages/codex-shared`. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Patterns of the packages that are installed together with this one. */
  readonly workspaces: readonly string[];
  /** It has a `build` script. */
  readonly isBuilt: boolean;
  /** Its package.json speaks of `dist`, so that it can't run without. */
  readonly needsDist: boolean;
  readonly hasModules: boolean;
  readonly hasDist: boolean;
  /** `process.versions.modules` of the Node for which its modules were made, where they are bound to one. */
  readonly moduleAbi?: string | undefined;
}

const versions = z.record(z.string(), z.string()).catch({});

/** A package.json, as far as it matters here. People write them: what doesn't fit counts as absent. */
const packageSchema = z.object({
  name: z.string().catch(''),
  scripts: versions.default({}),
  dependencies: versions.default({}),
  devDependencies: versions.default({}),
  optionalDependencies: versions.default({}),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) }).transform(({ packages }) => packages)])
    .catch([]),
});

/** Reads a package.json as it will be after the restore. Undefined if it isn't one. */
export function parsePackage(
  folder: string,
  text: string,
  found: Pick<PackageFacts, 'hasModules' | 'hasDist' | 'moduleAbi'>,
): PackageFacts | undefined {
  const parsed = packageSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { name, scripts, dependencies, devDependencies, optionalDependencies, workspaces } = parsed.data;
  return {
    folder,
    name,
    dependencies: { ...optionalDependencies, ...devDependencies, ...dependencies },
    workspaces,
    isBuilt: scripts['build'] !== undefined,
    needsDist: /\bdist\//.test(text),
    ...found,
  };
}

/** The package in whose folder a path lies: the deepest, so that a service isn't taken for the root. */
export function findOwner(path: string, packages: readonly PackageFacts[]): PackageFacts | undefined {
  const owners = packages.filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`));
  return owners.reduce<PackageFacts | undefined>(
    (best, each) => (best === undefined || each.folder.length > best.folder.length ? each : best),
    undefined,
  );
}

/** The packages of this tree that one depends on: named by a folder (`file:`, `link:`) or by their name. */
export function findLocalDependencies(facts: PackageFacts, packages: readonly PackageFacts[]): readonly PackageFacts[] {
  const found = Object.entries(facts.dependencies).map(([name, version]) => {
    const way = /^(?:file|link|portal):(.*)$/.exec(version)?.[1];
    if (way === undefined) return packages.find((each) => each.name === name);
    const folder = posix.join(facts.folder, way).replace(/\/$/, '');
    return packages.find((each) => each.folder === (folder === '.' ? '' : folder));
  });
  return packages.filter((each) => each !== facts && found.includes(each));
}

/** The package at whose place this one is installed: itself, or the one that has it among its workspaces. */
export function findInstaller(facts: PackageFacts, packages: readonly PackageFacts[]): PackageFacts {
  const owner = packages.find(
    (each) => each !== facts && each.workspaces.some((pattern) => isWorkspace(facts.folder, each.folder, pattern)),
  );
  return owner ?? facts;
}

function isWorkspace(folder: string, owner: string, pattern: string): boolean {
  const full = posix.join(owner, pattern).replace(/\/$/, '');
  return posix.matchesGlob(folder, full);
}
