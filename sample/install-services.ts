import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  bin: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});
type Package = z.infer<typeof packageSchema>;

/** Leaves every service as `npm install && npm run build` would: lock file, node_modules with links, dist. */
export function installServices(root: string): void {
  for (const name of readdirSync(root)) {
    if (name.startsWith('codex-') && existsSync(join(root, name, 'package.json'))) installService(join(root, name));
  }
  const shared = join(root, 'packages', 'codex-shared');
  cpSync(join(shared, 'src'), join(shared, 'dist'), { recursive: true });
}

function installService(folder: string): void {
  const own = readPackage(folder);
  const linked = [
    ...describeLinks(folder, own.dependencies ?? {}, false),
    ...describeLinks(folder, own.devDependencies ?? {}, true),
  ].sort((a, b) => (a.target < b.target ? -1 : 1));
  const packages = Object.fromEntries([
    ...linked.map(({ target, entry }) => [target, entry] as const),
    ...linked.map(({ target, name }) => [`node_modules/${name}`, { resolved: target, link: true }] as const),
  ]);
  const { name, version, dependencies, devDependencies } = own;
  const head = { name, version, lockfileVersion: 3, requires: true };
  const self = { name, version, dependencies, devDependencies };

  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  mkdirSync(join(folder, 'node_modules', '@codex'));
  for (const link of linked) createLinks(folder, link);
  writeJson(join(folder, 'package-lock.json'), { ...head, packages: { '': self, ...packages } });
  writeJson(join(folder, 'node_modules', '.package-lock.json'), { ...head, packages });
  cpSync(join(folder, 'src'), join(folder, 'dist'), { recursive: true });
}

interface LinkedPackage {
  readonly name: string;
  /** Path relative to the service's folder, such as `../packages/codex-shared`. */
  readonly target: string;
  readonly entry: Record<string, unknown>;
  readonly bins: Readonly<Record<string, string>>;
}

function describeLinks(folder: string, dependencies: Readonly<Record<string, string>>, dev: boolean): LinkedPackage[] {
  return Object.entries(dependencies).map(([name, version]) => {
    const target = version.replace(/^file:/, '');
    const { version: found, bin } = readPackage(join(folder, target));
    const entry = { name, version: found, ...(dev ? { dev } : {}), ...(bin === undefined ? {} : { bin }) };
    return { name, target, entry, bins: bin ?? {} };
  });
}

function createLinks(folder: string, { name, target, bins }: LinkedPackage): void {
  const modules = join(folder, 'node_modules');
  symlinkSync(`../../${target}`, join(modules, name));
  for (const [bin, file] of Object.entries(bins)) symlinkSync(`../${name}/${file}`, join(modules, '.bin', bin));
}

function readPackage(folder: string): Package {
  return packageSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
