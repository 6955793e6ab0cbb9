import { findInstaller, findLocalDependencies, findOwner, type PackageFacts } from './package-facts.ts';

export interface ServiceFacts {
  /** Every folder with a package.json, as it will be after the restore. */
  readonly packages: readonly PackageFacts[];
  /** Covered paths that the restore adds, changes or removes, relative to the root. */
  readonly changedPaths: readonly string[];
  /** `process.versions.modules` of the login shell's Node, if it is known. */
  readonly nodeAbi?: string | undefined;
}

/** One package to install, to build, or both, and why, in words. No reasons: not needed. */
export interface ServiceStep {
  readonly folder: string;
  readonly name: string;
  readonly install: readonly string[];
  readonly build: readonly string[];
  /** Its modules were made for another Node: installing over them would leave the compiled ones as they are. */
  readonly isFreshInstall: boolean;
}

export interface ServicesPlan {
  /** In the order in which to do them: what others depend on comes first. */
  readonly steps: readonly ServiceStep[];
  /** Sentences for the user. */
  readonly warnings: readonly string[];
}

/** Decides which packages have to be installed and built after a restore, dependencies first. */
export function planServices({ packages, changedPaths, nodeAbi }: ServiceFacts): ServicesPlan {
  const changed = groupByOwner(changedPaths, packages);
  const { ordered, cycles } = orderPackages(packages);
  const installs = new Map<PackageFacts, Set<string>>();
  for (const facts of ordered) {
    const installer = findInstaller(facts, packages);
    const reasons = installReasons(facts, installer, packages, changed, abiReason(installer, nodeAbi));
    const own = facts === installer ? reasons : reasons.map((reason) => `${label(facts)}: ${reason}`);
    installs.set(installer, new Set([...(installs.get(installer) ?? []), ...own]));
  }
  const steps = ordered.map((facts): ServiceStep => {
    const install = [...(installs.get(facts) ?? [])];
    const isFreshInstall = abiReason(facts, nodeAbi) !== undefined && install.length > 0 && facts.hasModules;
    const build = facts.isBuilt ? buildReasons(facts, packages, changed) : [];
    return { folder: facts.folder, name: label(facts), install, build, isFreshInstall };
  });
  return {
    steps: installersFirst(steps, packages).filter(({ install, build }) => install.length + build.length > 0),
    warnings: cycles.map(
      (names) => `These packages depend on each other: ${names.join(', ')}. They are built in that order.`,
    ),
  };
}

type Changes = ReadonlyMap<PackageFacts | undefined, readonly string[]>;

const label = ({ folder, name }: PackageFacts): string => (folder === '' ? name || 'the root' : folder);

function groupByOwner(paths: readonly string[], packages: readonly PackageFacts[]): Changes {
  return Map.groupBy(paths, (path) => findOwner(path, packages));
}

const installFiles = new Set([
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  '.npmrc',
]);

function changedInstallFiles(facts: PackageFacts, changed: Changes): readonly string[] {
  const prefix = facts.folder === '' ? '' : `${facts.folder}/`;
  return (changed.get(facts) ?? []).map((path) => path.slice(prefix.length)).filter((path) => installFiles.has(path));
}

function abiReason({ moduleAbi }: PackageFacts, nodeAbi: string | undefined): string | undefined {
  if (moduleAbi === undefined || nodeAbi === undefined || moduleAbi === nodeAbi) return undefined;
  return `its modules were made for another Node (ABI ${moduleAbi}, now ${nodeAbi})`;
}

function installReasons(
  facts: PackageFacts,
  installer: PackageFacts,
  packages: readonly PackageFacts[],
  changed: Changes,
  otherNode: string | undefined,
): readonly string[] {
  // Without dependencies there is nothing to install, and no node_modules to miss.
  if (Object.keys(facts.dependencies).length === 0 && facts.workspaces.length === 0) return [];
  const files = changedInstallFiles(facts, changed).map((file) => `${file} differs`);
  const linked = findLocalDependencies(facts, packages)
    .filter((each) => changedInstallFiles(each, changed).includes('package.json'))
    .map((each) => `package.json of ${label(each)} differs, on which it depends`);
  const missing = installer.hasModules ? [] : ['node_modules is missing'];
  return [...files, ...linked, ...missing, ...(otherNode !== undefined && installer.hasModules ? [otherNode] : [])];
}

function buildReasons(facts: PackageFacts, packages: readonly PackageFacts[], changed: Changes): readonly string[] {
  const own = changed.get(facts)?.length ?? 0;
  const linked = findAllDependencies(facts, packages).filter((each) => (changed.get(each)?.length ?? 0) > 0);
  return [
    ...(own > 0 ? [own === 1 ? '1 file differs' : `${own} files differ`] : []),
    ...linked.map((each) => `${label(each)} differs, on which it depends`),
    ...(facts.needsDist && !facts.hasDist ? ['dist is missing'] : []),
  ];
}

/** Those that a package depends on, and those that they depend on, without itself. */
function findAllDependencies(facts: PackageFacts, packages: readonly PackageFacts[]): readonly PackageFacts[] {
  const found = new Set<PackageFacts>();
  const waiting = [facts];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const added = findLocalDependencies(next, packages).filter((each) => each !== facts && !found.has(each));
    for (const each of added) found.add(each);
    waiting.push(...added);
  }
  return packages.filter((each) => found.has(each));
}

interface Order {
  readonly ordered: readonly PackageFacts[];
  readonly cycles: readonly (readonly string[])[];
}

/** By folder, but each after those that it depends on. A cycle is cut where it is met again, and named. */
function orderPackages(packages: readonly PackageFacts[]): Order {
  const ordered = new Set<PackageFacts>();
  const cycles: (readonly string[])[] = [];
  const visit = (facts: PackageFacts, way: readonly PackageFacts[]): void => {
    if (ordered.has(facts)) return;
    if (way.includes(facts)) {
      cycles.push(way.slice(way.indexOf(facts)).map(label).reverse());
      return;
    }
    for (const each of findLocalDependencies(facts, packages)) visit(each, [...way, facts]);
    ordered.add(facts);
  };
  for (const facts of packages.toSorted((a, b) => (a.folder < b.folder ? -1 : 1))) visit(facts, []);
  return { ordered: [...ordered], cycles };
}

/** What is installed elsewhere can only be built when it has been installed there; that place's own build keeps its turn. */
function installersFirst(steps: readonly ServiceStep[], packages: readonly PackageFacts[]): readonly ServiceStep[] {
  const folders = new Set(packages.filter(({ workspaces }) => workspaces.length > 0).map(({ folder }) => folder));
  const first = steps.filter(({ folder }) => folders.has(folder)).map((step) => ({ ...step, build: [] }));
  const others = steps.map((step) =>
    folders.has(step.folder) ? { ...step, install: [], isFreshInstall: false } : step,
  );
  return [...first, ...others];
}
