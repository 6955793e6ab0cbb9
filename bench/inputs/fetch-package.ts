import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../measure/run-command.ts';
import type { PinnedPackage } from './packages.ts';

/** The package's tarball in the cache; downloaded by npm when it isn't there yet. Throws unless it is the pinned one. */
export async function fetchPackage(cache: string, wanted: PinnedPackage): Promise<string> {
  const { name, version } = wanted;
  // As npm names it.
  const file = join(cache, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (existsSync(file) && isPinned(file, wanted)) return file;
  rmSync(file, { force: true });
  const folder = join(cache, `fetch-${process.pid}`);
  mkdirSync(folder);
  try {
    const parameters = ['pack', `${name}@${version}`, '--pack-destination', folder, '--ignore-scripts'];
    await runCommand('npm', parameters, { cwd: cache });
    const fetched = file.replace(cache, folder);
    if (!isPinned(fetched, wanted)) throw new Error(`The registry's ${name}@${version} is not the one that is pinned.`);
    renameSync(fetched, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return file;
}

function isPinned(file: string, { integrity }: PinnedPackage): boolean {
  return `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}` === integrity;
}
