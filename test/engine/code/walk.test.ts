import { linkSync, lstatSync, mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder, pathsOf, walkRoot, writeTree } from './walk-helpers.ts';

test('entries come in order, a folder before what is in it, with the parents of every include', async () => {
  const root = makeFolder();
  writeTree(root, { 'b/x': '', 'a/z/deep/file': '', 'a/z.txt': '', 'a/other': '', 'package.json': '{}', 'a-b/x': '' });
  const walk = await walkRoot(root, {
    include: ['package.json', 'b', 'a/z', 'a-b', 'missing', 'a/missing/too', 'package.json/x'],
  });
  expect(pathsOf(walk)).toEqual([
    'a/',
    'a/z/',
    'a/z/deep/',
    'a/z/deep/file',
    'a-b/',
    'a-b/x',
    'b/',
    'b/x',
    'package.json',
  ]);
  expect(walk.skipped).toEqual([]);
  expect(walk.warnings).toEqual([]);
});

test('overlapping includes give each path once', async () => {
  const root = makeFolder();
  writeTree(root, { 'a/b/c': '', 'a/d': '' });
  const walk = await walkRoot(root, { include: ['a/b', 'a', './a/', 'a//b/c', 'a'] });
  expect(pathsOf(walk)).toEqual(['a/', 'a/b/', 'a/b/c', 'a/d']);
});

test('parents of an include that does not exist are no entries', async () => {
  const root = makeFolder();
  writeTree(root, { 'a/other': '' });
  expect(pathsOf(await walkRoot(root, { include: ['a/missing'] }))).toEqual([]);
});

test.each(['..', 'a/../../b', '/etc', '', 'a\0b'])('the include entry %j is refused', async (include) => {
  const root = makeFolder();
  await expect(walkRoot(root, { include: [include] })).rejects.toMatchObject({ code: 'settings-invalid' });
});

test('a missing root is named', async () => {
  await expect(walkRoot(join(makeFolder(), 'gone'))).rejects.toMatchObject({ code: 'root-missing' });
});

test('a file is described as lstat sees it', async () => {
  const root = makeFolder();
  writeTree(root, { file: 'twelve bytes' });
  const stats = lstatSync(join(root, 'file'), { bigint: true });
  const { entries } = await walkRoot(root);
  const { ino, dev, mtimeNs, ctimeNs } = stats;
  expect(entries).toEqual([
    { path: 'file', kind: 'file', size: 12, mode: Number(stats.mode & 0o7777n), mtimeNs, ctimeNs, ino, dev },
  ]);
});

test("a folder has the newest time of what is covered below it, so that ignored files can't change it", async () => {
  const root = makeFolder();
  writeTree(root, { '.gitignore': '*.tmp\n', 'a/old': '', 'a/b/new': '', 'a/b/x.tmp': '', 'empty/': '' });
  utimesSync(join(root, 'a/old'), 1000, 1000);
  utimesSync(join(root, 'a/b/new'), 2000, 2000);
  const before = await walkRoot(root);
  const times = new Map(before.entries.map(({ path, mtimeNs }) => [path, mtimeNs]));
  expect([times.get('a'), times.get('a/b')]).toEqual([2_000_000_000_000n, 2_000_000_000_000n]);
  expect(times.get('empty')).toBe(lstatSync(join(root, 'empty'), { bigint: true }).mtimeNs);
  writeTree(root, { 'a/b/y.tmp': 'more', 'a/z.tmp': '' });
  rmSync(join(root, 'a/b/x.tmp'));
  expect((await walkRoot(root)).entries).toEqual(before.entries);
});

test('B27: links are stored as links and never followed', async () => {
  const root = makeFolder();
  writeTree(root, { 'a/file': '', 'real/inside': '' });
  symlinkSync('.', join(root, 'a/loop'));
  symlinkSync('/etc', join(root, 'a/outside'));
  symlinkSync('nowhere é', join(root, 'dangling'));
  symlinkSync('real', join(root, 'included'));
  const walk = await walkRoot(root, { include: ['a', 'dangling', 'included', 'included/inside'] });
  const links = walk.entries
    .filter(({ kind }) => kind === 'link')
    .map(({ path, target, size }) => [path, target, size]);
  expect(links).toEqual([
    ['a/loop', '.', 0],
    ['a/outside', '/etc', 0],
    ['dangling', 'nowhere é', 0],
    ['included', 'real', 0],
  ]);
  expect(pathsOf(walk)).not.toContain('included/inside');
  expect(walk.warnings).toMatchObject([{ code: 'include-behind-link' }]);
  expect(walk.skipped).toEqual([{ path: 'included/inside', reason: 'unreadable', detail: 'ELOOP' }]);
});

test('B35: hard links are files like any other, and one of two may be ignored', async () => {
  const root = makeFolder();
  writeTree(root, { '.gitignore': 'second\n', first: 'content' });
  linkSync(join(root, 'first'), join(root, 'second'));
  linkSync(join(root, 'first'), join(root, 'third'));
  const walk = await walkRoot(root);
  expect(pathsOf(walk)).toEqual(['.gitignore', 'first', 'third']);
  expect(walk.ignoredFiles.map(({ path }) => path)).toEqual(['second']);
});

test('what is always excluded stays out, tracked or not, and its folders are not in the list', async () => {
  const root = makeFolder();
  writeTree(root, {
    'keep/.env.example': '',
    'keep/.env.sample': '',
    'keep/.env.template': '',
    'keep/.envrc': '',
    'keep/.github/x': '',
    'keep/catalog': '',
    'keep/.env': 'A=1',
    'keep/.env.local': 'B=2',
    'keep/app.log': '',
    'keep/dist/x.js': '',
    'keep/node_modules/p/i.js': '',
    'keep/.codex-playwright-profile/x': '',
    'chrome/Local State': '',
    'chrome/Default/Cookies': '',
    'half/Local State': '',
    '.env': 'C=3',
  });
  symlinkSync('/somewhere', join(root, 'half/node_modules'));
  const walk = await walkRoot(root);
  expect(pathsOf(walk)).toEqual([
    'half/',
    'half/Local State',
    'keep/',
    'keep/.env.example',
    'keep/.env.sample',
    'keep/.env.template',
    'keep/.envrc',
    'keep/.github/',
    'keep/.github/x',
    'keep/catalog',
  ]);
  expect(walk.envPaths).toEqual(['.env', 'keep/.env', 'keep/.env.local']);
  expect(walk.ignoredFiles).toEqual([]);
});

test('known databases and their side files are in no list', async () => {
  const root = makeFolder();
  writeTree(root, {
    '.gitignore': 'data/two.db*\n',
    'data/one.db': '',
    'data/one.db-wal': '',
    'data/one.db-shm': '',
    'data/one.db-journal': '',
  });
  writeTree(root, { 'data/two.db': '', 'data/two.db-wal': '', 'data/one.db-x': '' });
  const walk = await walkRoot(root, { databasePaths: ['data/one.db', 'data/two.db'] });
  expect(pathsOf(walk)).toEqual(['.gitignore', 'data/', 'data/one.db-x']);
  expect(walk.ignoredFiles).toEqual([]);
});

test('B36: the backups folder is never walked, whatever it is called and wherever it lies', async () => {
  const root = makeFolder();
  writeTree(root, { 'a/kept': '', 'a/safe/codex-backup-x/manifest.json': '' });
  symlinkSync(join(root, 'a/safe'), join(root, 'by-link'));
  const byPath = await walkRoot(root, { backups: join(root, 'a/safe') });
  expect(pathsOf(byPath)).toEqual(['a/', 'a/kept', 'by-link']);
  const byInode = await walkRoot(root, { include: ['a', 'a/safe'], backups: join(root, 'by-link') });
  expect(pathsOf(byInode)).toEqual(['a/', 'a/kept']);
  expect(byInode.warnings).toMatchObject([
    { code: 'include-ignored', message: expect.stringContaining('backups folder') },
  ]);
  await expect(walkRoot(root, { backups: root })).rejects.toMatchObject({ code: 'backups-around-code' });
});

test("the settings' excludes count everywhere, and rule files can not undo them", async () => {
  const root = makeFolder();
  writeTree(root, { '.gitignore': '!*.big\n', 'a/x.big': '', 'a/keep.big': '', 'a/b/c': '', 'b/c/d': '', 'c/b/c': '' });
  const walk = await walkRoot(root, { exclude: ['*.big', '!keep.big', '/b/c', 'c/**/c'] });
  expect(pathsOf(walk)).toEqual(['.gitignore', 'a/', 'a/b/', 'a/b/c', 'a/keep.big', 'b/', 'c/', 'c/b/']);
  expect(walk.ignoredFiles).toEqual([]);
});

test('an include entry that a rule leaves out is named with its rule; a file among them may be a database', async () => {
  const root = makeFolder();
  writeTree(root, {
    '.gitignore': '/data/\n',
    'a/.gitignore': 'skip\n*.db\n',
    'data/x.db': '',
    'data/y': '',
    'a/skip/z': '',
    'a/m.db': '',
  });
  writeTree(root, { 'a/node_modules/p': '', 'a/k': '' });
  const walk = await walkRoot(root, { include: ['data', 'data/x.db', 'a', 'a/skip', 'a/m.db', 'a/node_modules/p'] });
  expect(pathsOf(walk)).toEqual(['a/', 'a/.gitignore', 'a/k']);
  expect(walk.ignoredFiles.map(({ path }) => path)).toEqual(['a/m.db', 'data/x.db']);
  expect(walk.warnings.map(({ message }) => message)).toEqual([
    '"a/m.db" is on the include list, but stays out of the code archive: the rule "*.db" in "a/.gitignore" leaves it out.',
    '"a/node_modules/p" is on the include list, but stays out of the code archive: such names are always left out.',
    '"a/skip" is on the include list, but stays out of the code archive: the rule "skip" in "a/.gitignore" leaves it out.',
    '"data" is on the include list, but stays out of the code archive: the rule "/data/" in ".gitignore" leaves it out.',
    '"data/x.db" is on the include list, but stays out of the code archive: the rule "/data/" in ".gitignore" leaves it out.',
  ]);
});

test('a folder that vanishes while the walk runs is listed', async () => {
  const root = makeFolder();
  for (let folder = 0; folder < 3_000; folder += 1) mkdirSync(join(root, `f${folder}`));
  let vanished = false;
  const onProgress = (): void => {
    if (!vanished) rmSync(join(root, 'f999'), { recursive: true });
    vanished = true;
  };
  const walk = await walkRoot(root, { onProgress });
  expect(vanished).toBe(true);
  expect(walk.skipped).toEqual([{ path: 'f999', reason: 'vanished' }]);
});
