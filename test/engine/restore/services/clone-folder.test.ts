import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { registerSqliteFile } from '../../../../src/engine/platform/open-file.ts';
import { cloneFolder } from '../../../../src/engine/restore/services/clone-folder.ts';
import { createPlace } from './support/command-place.ts';

const signal = new AbortController().signal;

/** Kind, mode, owner and content of everything below a folder, names as bytes; and when each was modified. */
function describeTree(folder: string): { readonly entries: readonly string[]; readonly times: readonly bigint[] } {
  const times: bigint[] = [];
  const visit = (path: Buffer, name: string): string[] => {
    const stats = lstatSync(path, { bigint: true });
    const own = `${name} ${stats.mode.toString(8)} ${stats.uid}`;
    times.push(stats.mtimeNs);
    if (stats.isSymbolicLink()) return [`${own} -> ${readlinkSync(path, { encoding: 'buffer' }).toString('latin1')}`];
    if (!stats.isDirectory()) return [`${own} ${stats.isFile() ? readFileSync(path).toString('latin1') : 'special'}`];
    const names = readdirSync(path, { encoding: 'buffer' }).toSorted(Buffer.compare);
    return [
      own,
      ...names.flatMap((each) =>
        visit(Buffer.concat([path, Buffer.from('/'), each]), `${name}/${each.toString('latin1')}`),
      ),
    ];
  };
  return { entries: visit(Buffer.from(folder), ''), times };
}

/** Everything is the same, and was modified at the same microsecond. */
function expectSameTree(folder: string, expected: ReturnType<typeof describeTree>): void {
  const { entries, times } = describeTree(folder);
  expect(entries).toEqual(expected.entries);
  const differences = times.map((time, index) => Math.abs(Number(time - (expected.times[index] ?? 0n))));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1000);
}

function createModules(folder: string): void {
  mkdirSync(join(folder, 'a', '.bin'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'a', 'index.js'), 'export {};\n');
  writeFileSync(join(folder, 'a', 'tool'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(folder, 'secret'), 'x', { mode: 0o600 });
  writeFileSync(join(folder, 'zero'), '');
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/latin-`), Buffer.of(0xe9, 0xff)]), 'not UTF-8');
  writeFileSync(join(folder, ' spaces $(touch x)\nline '), 'odd');
  symlinkSync('../tool', join(folder, 'a', '.bin', 'tool'));
  symlinkSync('../../packages/shared', join(folder, 'shared'));
  symlinkSync('/etc', join(folder, 'outside'));
  symlinkSync('.', join(folder, 'loop'));
  utimesSync(join(folder, 'a', 'index.js'), 1_500_000_000.25, 1_400_000_000.5);
  lutimesSync(join(folder, 'shared'), 1_300_000_000, 1_300_000_000.75);
  chmodSync(join(folder, 'a', 'index.js'), 0o444);
  utimesSync(join(folder, 'a', '.bin'), 1_200_000_000, 1_200_000_000.125);
  utimesSync(join(folder, 'a'), 1_100_000_000, 1_100_000_000);
  chmodSync(join(folder, 'a'), 0o555);
}

test('A clone has the same files, links, modes and times, odd names included, and the original is as it was', async () => {
  const place = createPlace();
  mkdirSync(place.path('node_modules'));
  createModules(place.path('node_modules'));
  const before = describeTree(place.path('node_modules'));
  const result = await cloneFolder(place.path('node_modules'), place.path('clone'), { signal });
  onTestFinished(() => {
    for (const name of ['node_modules', 'clone']) chmodSync(join(place.path(name), 'a'), 0o755);
  });
  expectSameTree(place.path('clone'), before);
  expect(describeTree(place.path('node_modules'))).toEqual(before);
  expect(result).toEqual({ files: 10, skipped: [] });
});

test('A single file and a link are cloned as what they are', async () => {
  const place = createPlace();
  writeFileSync(place.path('package-lock.json'), '{}', { mode: 0o640 });
  symlinkSync('/etc', place.path('node_modules'));
  await cloneFolder(place.path('package-lock.json'), place.path('lock'), { signal });
  await cloneFolder(place.path('node_modules'), place.path('modules'), { signal });
  expectSameTree(place.path('lock'), describeTree(place.path('package-lock.json')));
  expect(readlinkSync(place.path('modules'))).toBe('/etc');
});

test('What is neither file, folder nor link is left out and named', async () => {
  const place = createPlace();
  mkdirSync(place.path('modules'));
  execFileSync('/usr/bin/mkfifo', [place.path('modules/pipe')]);
  const result = await cloneFolder(place.path('modules'), place.path('clone'), { signal });
  expect(result).toEqual({ files: 0, skipped: [place.path('modules/pipe')] });
});

test('A target that exists is refused and stays as it is', async () => {
  const place = createPlace();
  mkdirSync(place.path('modules'));
  for (const name of ['file', 'link']) {
    if (name === 'file') writeFileSync(place.path(name), 'mine');
    else symlinkSync('nowhere', place.path(name));
    const cloned = cloneFolder(place.path('modules'), place.path(name), { signal });
    await expect(cloned).rejects.toMatchObject({ code: 'target-exists' });
  }
  expect(place.read('file')).toBe('mine');
  expect(readlinkSync(place.path('link'))).toBe('nowhere');
});

test('A clone that fails leaves nothing behind', async () => {
  const place = createPlace();
  mkdirSync(place.path('modules'));
  createModules(place.path('modules'));
  onTestFinished(() => chmodSync(place.path('modules/a'), 0o755));
  const database = place.path('modules/cache.db');
  const db = new Database(database);
  onTestFinished(() => void db.close());
  db.exec('CREATE TABLE t(a)');
  onTestFinished(registerSqliteFile(lstatSync(database, { bigint: true })));
  const cloned = cloneFolder(place.path('modules'), place.path('clone'), { signal });
  await expect(cloned).rejects.toMatchObject({ code: 'io' });
  expect(existsSync(place.path('clone'))).toBe(false);
  await expect(cloneFolder(place.path('gone'), place.path('clone'), { signal })).rejects.toMatchObject({ code: 'io' });
});

test('A clone that is cancelled half-way leaves nothing behind, soon', async () => {
  const place = createPlace();
  for (let folder = 0; folder < 20; folder += 1) {
    mkdirSync(place.path(`modules/${folder}`), { recursive: true });
    for (let file = 0; file < 100; file += 1)
      writeFileSync(place.path(`modules/${folder}/${file}.js`), 'x'.repeat(2000));
  }
  const cancel = new AbortController();
  let done = 0;
  const cloned = cloneFolder(place.path('modules'), place.path('clone'), {
    signal: cancel.signal,
    onProgress: (files) => {
      done = files;
      if (files >= 400) cancel.abort();
    },
  });
  await expect(cloned).rejects.toMatchObject({ name: 'AbortError' });
  expect(done).toBeGreaterThanOrEqual(400);
  expect(done).toBeLessThan(2000);
  expect(existsSync(place.path('clone'))).toBe(false);
});
