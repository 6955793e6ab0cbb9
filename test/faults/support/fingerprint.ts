import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { snapshotNames } from './fault-place.ts';

/** Every file of every published snapshot, by its path, with its mode, size and hash. */
export type Fingerprint = ReadonlyMap<string, string>;

/** What was published, to the byte; for seeing later that it still is. */
export function fingerprint(backups: string, names = snapshotNames(backups)): Fingerprint {
  const found = new Map<string, string>();
  for (const name of names) {
    for (const entry of readdirSync(join(backups, name), { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      const path = join(entry.parentPath, entry.name);
      const { mode, size } = lstatSync(path);
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      found.set(path, `${(mode & 0o7777).toString(8)} ${size} ${hash}`);
    }
  }
  return found;
}

/** Earlier snapshots are what they were, file by file and byte by byte. */
export function expectIntact(backups: string, before: Fingerprint): void {
  const now = fingerprint(backups);
  const changed = [...before].filter(([path, value]) => now.get(path) !== value).map(([path]) => path);
  expect(changed, 'changed files of earlier snapshots').toEqual([]);
  const folders = new Set([...before.keys()].map((path) => path.slice(0, path.indexOf('/', backups.length + 1))));
  const added = [...now.keys()].filter(
    (path) => !before.has(path) && [...folders].some((folder) => path.startsWith(`${folder}/`)),
  );
  expect(added, 'files added to earlier snapshots').toEqual([]);
}
