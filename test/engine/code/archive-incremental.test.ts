import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  lutimesSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { closeWorkers } from '../../../src/engine/code/pack-pool.ts';
import {
  archive,
  archiveWritten,
  asPrevious,
  later,
  longAgo,
  makeTree,
  manyFiles,
  problemsOf,
  pseudoRandom,
  unpack,
  writeFile,
} from './archive-fixture.ts';
import { listTree } from './list-tree.ts';

afterAll(() => closeWorkers());

test('nothing changed: the archive is linkable and nothing is written', async () => {
  const root = makeTree({ ...manyFiles(), 'large.bin': pseudoRandom(3_000_000, 9) });
  const first = await archiveWritten(root);
  const second = await archive(root, asPrevious(first));
  expect(second.result).toEqual({ kind: 'linkable', skipped: [], warnings: [] });
  expect(existsSync(second.archiveFile)).toBe(false);
});

test('ignored files that change a folder leave the archive linkable', async () => {
  const root = makeTree(manyFiles());
  const first = await archiveWritten(root);
  writeFile(root, 'dir1/ignored.log', 'x');
  const entries = listTree(root).filter(({ path }) => path !== 'dir1/ignored.log');
  expect((await archive(root, { ...asPrevious(first), entries })).result.kind).toBe('linkable');
});

test('one changed file: its pack is written new, the others are copied and their files are not read', async () => {
  const root = makeTree(manyFiles(20_000));
  const first = await archiveWritten(root);
  const entries = listTree(root);
  const changed = 'dir7/file7.txt';
  const group = first.result.index.entries.find(({ path }) => path === changed)?.pack;
  // Of the same size: a cut depends on the sizes before it.
  const content = 'changed'.padEnd(lstatSync(join(root, changed)).size);
  writeFile(root, changed, content, new Date('2024-04-01T00:00:00Z'));
  // Files of other packs are gone although the walk saw them: copying doesn't look.
  const other = first.result.index.entries.filter(({ pack, kind }) => pack !== group && kind === 'file');
  for (const { path } of other) unlinkSync(join(root, path));
  const now = lstatSync(join(root, changed), { bigint: true });
  const { size, mtimeNs, ctimeNs } = now;
  const patched = entries.map((entry) =>
    entry.path === changed ? { ...entry, size: Number(size), mtimeNs, ctimeNs } : entry,
  );
  const second = await archiveWritten(root, { ...asPrevious(first), entries: patched });
  expect(second.result.skipped).toEqual([]);
  expect(second.result.newPacks).toEqual([group]);
  expect(second.result.packs.reused).toBe(second.result.packs.total - 1);
  expect(await problemsOf(second)).toEqual([]);
  expect(unpack(second.archiveFile).get(changed)).toBe(content);
  expect(unpack(second.archiveFile).size).toBe(200);
});

test('added, removed and renamed files are in the new archive as they are on disk', async () => {
  const root = makeTree({ ...manyFiles(8000), 'large.bin': pseudoRandom(2_500_000, 3) });
  const first = await archiveWritten(root);
  writeFile(root, 'dir3/added.txt', 'added');
  rmSync(join(root, 'dir4'), { recursive: true });
  renameSync(join(root, 'dir5'), join(root, 'renamed'));
  const second = await archiveWritten(root, asPrevious(first));
  expect(await problemsOf(second)).toEqual([]);
  expect(second.result.packs.reused).toBeGreaterThan(0);
  const onDisk = listTree(root).filter(({ kind }) => kind === 'file');
  expect(unpack(second.archiveFile)).toEqual(
    new Map(onDisk.map(({ path }) => [path, readFileSync(join(root, path), 'latin1')])),
  );
});

test('all files of one pack removed and nothing added: the archive is not linkable', async () => {
  const root = makeTree({ 'a.bin': pseudoRandom(900_000, 1), 'b.bin': pseudoRandom(900_000, 2) });
  const first = await archiveWritten(root);
  unlinkSync(join(root, 'b.bin'));
  const second = await archiveWritten(root, asPrevious(first));
  expect([...unpack(second.archiveFile).keys()]).toEqual(['a.bin']);
  expect(second.result.newPacks).toEqual([]);
});

test('only ctime or inode changed, content equal: packs are copied and the index is rewritten', async () => {
  const root = makeTree({ ...manyFiles(), 'large.bin': pseudoRandom(2_000_000, 4) });
  const first = await archiveWritten(root);
  for (const path of ['dir2/file2.txt', 'large.bin']) {
    copyFileSync(join(root, path), join(root, 'copy'));
    renameSync(join(root, 'copy'), join(root, path));
    utimesSync(join(root, path), longAgo, longAgo);
  }
  const second = await archiveWritten(root, asPrevious(first));
  expect(second.result.newPacks).toEqual([]);
  expect(readFileSync(second.archiveFile).equals(readFileSync(first.archiveFile))).toBe(true);
  const stored = second.result.index.entries.find(({ path }) => path === 'dir2/file2.txt');
  expect(stored?.ino).toBe(lstatSync(join(root, 'dir2/file2.txt'), { bigint: true }).ino);
  expect((await archive(root, asPrevious(second))).result.kind).toBe('linkable');
});

test('content changed behind equal size, mode and mtime is seen by its ctime', async () => {
  const root = makeTree({ ...manyFiles(), 'large.bin': pseudoRandom(2_000_000, 4) });
  const first = await archiveWritten(root);
  for (const path of ['dir2/file2.txt', 'large.bin']) {
    const content = readFileSync(join(root, path));
    content[100] = (content[100] ?? 0) ^ 1;
    writeFile(root, path, content);
  }
  const second = await archiveWritten(root, asPrevious(first));
  expect(second.result.newPacks.length).toBeGreaterThan(1);
  expect(await problemsOf(second)).toEqual([]);
  for (const path of ['dir2/file2.txt', 'large.bin']) {
    expect(unpack(second.archiveFile).get(path)).toBe(readFileSync(join(root, path), 'latin1'));
  }
});

test('a file modified within 2 s before the archive was begun is read again: equal content counts as unchanged', async () => {
  const root = makeTree(manyFiles());
  const path = 'dir2/file2.txt';
  const startedAtMs = Math.floor(lstatSync(join(root, path)).ctimeMs) + 1000;
  const first = await archiveWritten(root, { startedAtMs });
  expect((await archive(root, asPrevious(first))).result.kind).toBe('linkable');
  // What a change in the same tick of the clock looks like: every value of stat is as stored.
  const entries = listTree(root);
  const content = readFileSync(join(root, path));
  content[5] = (content[5] ?? 0) ^ 1;
  writeFileSync(join(root, path), content);
  const second = await archiveWritten(root, { ...asPrevious(first), entries });
  expect(unpack(second.archiveFile).get(path)).toBe(content.toString('latin1'));
});

test('rereading all finds a wrong "unchanged", and links when content is proven equal', async () => {
  const root = makeTree({ ...manyFiles(), 'large.bin': pseudoRandom(2_000_000, 4) });
  const first = await archiveWritten(root);
  expect((await archive(root, { ...asPrevious(first), rereadAll: true })).result.kind).toBe('linkable');
  const path = 'dir9/file9.txt';
  const entries = listTree(root);
  const content = readFileSync(join(root, path));
  content[5] = (content[5] ?? 0) ^ 1;
  writeFile(root, path, content);
  expect((await archive(root, { ...asPrevious(first), entries })).result.kind).toBe('linkable');
  const second = await archiveWritten(root, { ...asPrevious(first), entries, rereadAll: true });
  expect(unpack(second.archiveFile).get(path)).toBe(content.toString('latin1'));
  expect(second.result.newPacks).toHaveLength(1);
});

test('D63: a damaged pack of the previous archive is written new, with a warning; the rest is copied', async () => {
  const root = makeTree({ ...manyFiles(20_000), 'large.bin': pseudoRandom(3_000_000, 4) });
  const first = await archiveWritten(root);
  const bytes = readFileSync(first.archiveFile);
  const { entries, packs } = first.result.index;
  const small = entries.find(({ path }) => path === 'dir7/file7.txt')?.pack ?? 0;
  const large = (entries.find(({ path }) => path === 'large.bin')?.pack ?? 0) + 1;
  for (const pack of [small, large]) {
    const at = (packs[pack]?.offset ?? 0) + 40;
    bytes[at] = (bytes[at] ?? 0) ^ 4;
  }
  writeFileSync(first.archiveFile, bytes);
  writeFile(root, 'dir0/file0.txt', 'changed');
  const second = await archiveWritten(root, asPrevious(first));
  expect(second.result.warnings.map(({ code }) => code)).toEqual(['archive-damaged']);
  expect(second.result.newPacks).toContain(small);
  expect(second.result.newPacks).toContain(large);
  expect(second.result.packs.reused).toBeGreaterThan(3);
  expect(await problemsOf(second)).toEqual([]);
  expect(unpack(second.archiveFile).get('dir7/file7.txt')).toBe(readFileSync(join(root, 'dir7/file7.txt'), 'latin1'));
});

test('a previous archive that is gone is written new, with a warning', async () => {
  const root = makeTree(manyFiles());
  const first = await archiveWritten(root);
  unlinkSync(first.archiveFile);
  writeFile(root, 'dir0/file0.txt', 'changed');
  const second = await archiveWritten(root, asPrevious(first));
  expect(second.result.warnings.map(({ code }) => code)).toEqual(['archive-damaged']);
  expect(await problemsOf(second)).toEqual([]);
});

test('a changed mode, and a link that points elsewhere, are changes', async () => {
  const root = makeTree({ a: 'a', b: 'b' });
  symlinkSync('a', join(root, 'link'));
  const first = await archiveWritten(root);
  chmodSync(join(root, 'a'), 0o755);
  const second = await archiveWritten(root, asPrevious(first));
  expect(second.result.index.entries.find(({ path }) => path === 'a')?.mode).toBe(0o755);
  const { mtimeNs } = lstatSync(join(root, 'link'), { bigint: true });
  unlinkSync(join(root, 'link'));
  symlinkSync('b', join(root, 'link'));
  const seconds = Number(mtimeNs / 1_000_000_000n);
  lutimesSync(join(root, 'link'), seconds, seconds);
  const third = await archiveWritten(root, asPrevious(second));
  expect(third.result.index.entries.find(({ path }) => path === 'link')?.target).toBe('b');
});

test('archives of a chain of random changes always hold what is on disk', async () => {
  const root = makeTree(manyFiles(9000));
  let last = await archiveWritten(root);
  const rounds = 6 * Number(process.env['SCALE'] ?? 1);
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < 4; i += 1) {
      const seed = round * 31 + i * 7;
      writeFile(
        root,
        `dir${seed % 40}/file${(seed * 13) % 250}.txt`,
        pseudoRandom(1 + ((seed * 997) % 12_000), seed + 1),
        new Date(),
      );
    }
    rmSync(join(root, `dir${(round * 11) % 40}/file${(round * 11) % 40}.txt`), { force: true });
    last = await archiveWritten(root, { ...asPrevious(last), startedAtMs: later() });
    expect(await problemsOf(last)).toEqual([]);
    const onDisk = listTree(root).filter(({ kind }) => kind === 'file');
    expect(unpack(last.archiveFile)).toEqual(
      new Map(onDisk.map(({ path }) => [path, readFileSync(join(root, path), 'latin1')])),
    );
  }
  expect(last.result.packs.reused).toBeGreaterThan(0);
});
