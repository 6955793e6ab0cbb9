import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walkCode } from '../../../src/engine/code/walk.ts';
import { listWithGit, makeRandomRepository } from './random-repository.ts';
import { createSeededRandom } from './seeded-random.ts';

const scale = Number(process.env['SCALE'] ?? 1);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'walk-git-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const seed = process.env['SEED'];
const treesEach = 60 * scale;
const firsts = seed === undefined ? [0, 1, 2, 3, 4].map((part) => 1 + part * treesEach) : [Number(seed)];

test.each(firsts)(
  'B21: the walk finds exactly what git would list, in random repositories from %i',
  {
    timeout: 60_000 * scale,
  },
  async (first) => {
    const trees = seed === undefined ? treesEach : 1;
    let decisions = 0;
    for (let each = first; each < first + trees; each += 1) {
      const root = join(folder, String(each));
      decisions += await compareWithGit(each, root);
      rmSync(root, { recursive: true });
    }
    if (trees > 1) expect(decisions).toBeGreaterThan(2000 * scale);
  },
);

/** Returns the number of files that were decided on. */
async function compareWithGit(seed: number, root: string): Promise<number> {
  const repositories = makeRandomRepository(createSeededRandom(seed), root);
  const signal = new AbortController().signal;
  const options = { root, include: ['.'], exclude: [], backups: '/nowhere', databasePaths: [], signal };
  const walk = await walkCode(options);
  const found = walk.entries.filter(({ kind }) => kind !== 'folder').map(({ path }) => path);
  const expected = expectedFiles(root, '', repositories);
  expect({ seed, found: found.toSorted(), skipped: walk.skipped, warnings: walk.warnings }).toEqual({
    seed,
    found: expected.toSorted(),
    skipped: [],
    warnings: [],
  });
  return found.length + walk.ignoredFiles.length;
}

/** git's list, with nested repositories entered. */
function expectedFiles(root: string, repository: string, repositories: readonly string[]): readonly string[] {
  const prefix = repository === '' ? '' : `${repository}/`;
  return [...new Set(listWithGit(join(root, repository)))].flatMap((path) => {
    if (path.endsWith('/')) return expectedFiles(root, prefix + path.slice(0, -1), repositories);
    return lstatSync(join(root, prefix + path), { throwIfNoEntry: false }) === undefined ? [] : [prefix + path];
  });
}
