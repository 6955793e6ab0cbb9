import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRepository, readTracked } from '../../../src/engine/code/git-repository.ts';
import { makeFolder, pathsOf, runGit, walkAsUser, walkRoot, writeTree } from './walk-helpers.ts';

/** A repository in which the rules leave everything named `ignored` and all of `build/` out. */
function makeRepository(...initArguments: readonly string[]): string {
  const root = makeFolder();
  runGit(root, 'init', '-q', ...initArguments);
  writeTree(root, {
    '.gitignore': 'ignored\nbuild/\n',
    'a/ignored': '',
    'b/ignored': '',
    'build/x/kept': '',
    'build/x/not': '',
    'build/y': '',
  });
  return root;
}

const withTracked = ['.gitignore', 'a/', 'a/ignored', 'b/', 'build/', 'build/x/', 'build/x/kept'];

function trackedOf(root: string): readonly string[] {
  const repository = findRepository(root);
  if (repository === undefined) throw new Error('no repository');
  return readTracked(repository).paths.map(({ path }) => path);
}

test.each([2, 3, 4])('tracked files are included though a rule matches them: index version %i', async (version) => {
  const root = makeRepository();
  runGit(root, 'config', 'index.version', String(version));
  runGit(root, 'add', '-f', 'a/ignored', 'build/x/kept');
  // Version 3 is written only where an entry needs its extended flags.
  if (version === 3) runGit(root, 'update-index', '--skip-worktree', 'a/ignored');
  expect(readFileSync(join(root, '.git/index')).readUInt32BE(4)).toBe(version);
  const walk = await walkRoot(root);
  expect(pathsOf(walk)).toEqual(withTracked);
  expect(walk.ignoredFiles.map(({ path }) => path)).toEqual(['b/ignored']);
});

test('the index of a SHA-256 repository is read', async () => {
  const root = makeRepository('--object-format=sha256');
  runGit(root, 'add', '-f', 'a/ignored', 'build/x/kept');
  expect(pathsOf(await walkRoot(root))).toEqual(withTracked);
});

test('a split index is read with what it takes from the shared one, and without what was removed', () => {
  const root = makeRepository();
  for (let file = 0; file < 200; file += 1) writeFileSync(join(root, `f${file}`), '');
  runGit(root, 'config', 'splitIndex.maxPercentChange', '100');
  runGit(root, 'add', '.');
  runGit(root, 'update-index', '--split-index');
  writeFileSync(join(root, 'f7'), 'changed');
  runGit(root, 'add', '-f', 'f7', 'a/ignored');
  runGit(root, 'rm', '-q', '--cached', 'f100', 'f101', 'f199');
  expect(readFileSync(join(root, '.git/index')).includes('link')).toBe(true);
  expect(readdirSync(join(root, '.git')).some((name) => name.startsWith('sharedindex.'))).toBe(true);
  expect([...trackedOf(root)].sort()).toEqual(runGit(root, 'ls-files', '-z').split('\0').filter(Boolean).sort());
});

test('a sparse index holds the tracked files that are there', () => {
  const root = makeRepository();
  writeTree(root, { 'in/x': '', 'out/deep/y': '' });
  runGit(root, 'add', '.');
  runGit(root, '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'x');
  runGit(root, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'in');
  expect(readFileSync(join(root, '.git/index')).includes('sdir')).toBe(true);
  expect(trackedOf(root)).toEqual(['.gitignore', 'in/x']);
});

test.each([
  ['cut short', (index: Buffer) => index.subarray(0, 100)],
  ['garbage', () => Buffer.from('DIRC but nothing else of an index')],
  ['of an unknown version', (index: Buffer) => Buffer.concat([Buffer.from('DIRC\0\0\0\x09'), index.subarray(8)])],
])('an index that is %s gives a warning, and no file counts as tracked', async (_, damage) => {
  const root = makeRepository();
  runGit(root, 'add', '-f', 'a/ignored', 'build/x/kept');
  const index = join(root, '.git/index');
  writeFileSync(index, damage(readFileSync(index)));
  const walk = await walkRoot(root);
  expect(walk.warnings).toMatchObject([{ code: 'index-unreadable' }]);
  expect(pathsOf(walk)).toEqual(['.gitignore', 'a/', 'b/']);
});

test('an index damaged anywhere never ends the walk', async () => {
  const root = makeRepository();
  runGit(root, 'config', 'index.version', '4');
  runGit(root, 'add', '-f', '.');
  const index = readFileSync(join(root, '.git/index'));
  for (let at = 0; at < index.length; at += 1) {
    const damaged = Buffer.from(index);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    writeFileSync(join(root, '.git/index'), damaged);
    expect((await walkRoot(root)).skipped).toEqual([]);
  }
});

test('tracked files in an ignored folder are found without listing it', () => {
  const root = makeRepository();
  runGit(root, 'add', '-f', 'build/x/kept');
  // It may be entered, but not read.
  for (const folder of ['build/x', 'build']) chmodSync(join(root, folder), 0o711);
  const walk = walkAsUser(root);
  expect(walk.skipped).toEqual([]);
  expect(walk.paths).toContain('build/x/kept');
  expect(walk.paths).not.toContain('build/x/not');
});

test('a tracked file that is gone, or lies behind a link now, is no entry', async () => {
  const root = makeRepository();
  runGit(root, 'add', '-f', 'build/x/kept', 'a/ignored');
  renameSync(join(root, 'build/x'), join(root, 'build/moved'));
  symlinkSync('moved', join(root, 'build/x'));
  renameSync(join(root, 'a/ignored'), join(root, 'a/other'));
  const walk = await walkRoot(root);
  expect(pathsOf(walk)).toEqual(['.gitignore', 'a/', 'a/other', 'b/']);
  expect(walk.skipped).toEqual([]);
});

test('nested repositories are entered with their own rules; one that the outer rules leave out is not', async () => {
  const root = makeRepository();
  writeTree(root, {
    'in/.gitignore': 'mine\n',
    'in/mine': '',
    'in/ignored': '',
    'in/x.log': '',
    'in/skip': '',
    'build/repo/file': '',
  });
  for (const folder of ['in', 'build/repo']) runGit(join(root, folder), 'init', '-q');
  writeFileSync(join(root, 'in/.git/info/exclude'), 'excluded\n');
  writeTree(root, { 'in/excluded': '', 'in/tracked/mine': '' });
  runGit(join(root, 'in'), 'add', '-f', 'tracked/mine');
  const walk = await walkRoot(root, { include: ['in', 'build'], exclude: ['skip'] });
  expect(pathsOf(walk)).toEqual(['in/', 'in/.gitignore', 'in/ignored', 'in/tracked/', 'in/tracked/mine']);
  expect(walk.warnings).toMatchObject([{ code: 'include-ignored' }]);
});

test('a folder whose .git is no repository keeps the outer rules', async () => {
  const root = makeRepository();
  writeTree(root, {
    'in/.git/HEAD': 'nonsense',
    'in/ignored': '',
    'in/x': '',
    'other/.git': 'gitdir: /nowhere',
    'other/ignored': '',
  });
  const walk = await walkRoot(root, { include: ['in', 'other'] });
  expect(pathsOf(walk)).toEqual(['in/', 'in/x', 'other/']);
});

test('a submodule and a linked work tree are repositories of their own', async () => {
  const root = makeRepository();
  const other = makeRepository();
  writeFileSync(join(other, '.git/info/exclude'), 'excluded\n');
  writeTree(other, { excluded: '', plain: '' });
  runGit(other, 'add', '-f', '.gitignore', 'a/ignored', 'plain');
  runGit(other, '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'x');
  runGit(other, 'worktree', 'add', '-q', join(root, 'linked'));
  runGit(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '-f', other, 'build/module');
  for (const folder of ['linked', 'build/module'])
    writeTree(join(root, folder), { excluded: '', 'b/ignored': '', new: '' });
  const paths = pathsOf(await walkRoot(root, { include: ['linked', 'build'] }));
  expect(paths.filter((path) => path.startsWith('linked/'))).toEqual([
    'linked/',
    'linked/.gitignore',
    'linked/a/',
    'linked/a/ignored',
    'linked/b/',
    'linked/new',
    'linked/plain',
  ]);
  // The shared exclude file counts in the work tree; a submodule has one of its own. It is tracked, so build/ doesn't hide it.
  expect(paths.filter((path) => path.startsWith('build/module/'))).toEqual([
    'build/module/',
    'build/module/.gitignore',
    'build/module/a/',
    'build/module/a/ignored',
    'build/module/b/',
    'build/module/excluded',
    'build/module/new',
    'build/module/plain',
  ]);
});

test('rule files count from the root down though the root is no repository, and .git/info/exclude comes last', async () => {
  const root = makeFolder();
  writeTree(root, {
    '.gitignore': '*.a\n',
    'd/.gitignore': '!x.a\n*.b\n',
    'd/x.a': '',
    'd/y.a': '',
    'd/z.b': '',
    'z.b': '',
    'd/k.c': '',
  });
  expect(pathsOf(await walkRoot(root, { include: ['d/x.a', 'd/y.a', 'd/z.b', 'z.b'] }))).toEqual([
    'd/',
    'd/x.a',
    'z.b',
  ]);
  runGit(root, 'init', '-q');
  mkdirSync(join(root, '.git/info'), { recursive: true });
  writeFileSync(join(root, '.git/info/exclude'), '*.c\n!*.a\nz.b\n');
  expect(pathsOf(await walkRoot(root))).toEqual(['.gitignore', 'd/', 'd/.gitignore', 'd/x.a']);
});
