import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { closeWorkers } from '../../../src/engine/code/pack-pool.ts';
import {
  archiveWritten,
  longAgo,
  makeTree,
  manyFiles,
  problemsOf,
  pseudoRandom,
  temporaryFolder,
  writeFile,
} from './archive-fixture.ts';
import { listTree } from './list-tree.ts';

const scale = Number(process.env['SCALE'] ?? 1);

afterAll(() => closeWorkers());

/** Names that archiver, node-tar or a tar header treat specially. */
const oddNames = [
  'n'.repeat(255),
  `${'long folder '.repeat(10)}/${'deep/'.repeat(40)}file`,
  `${'f'.repeat(100)}/${'g'.repeat(120)}/x`,
  'grüße/日本語 🎉.txt',
  `${'ü'.repeat(120)}.txt`,
  '-leading-dash',
  'back\\slash\\name',
  'c:name',
  'c:/in a folder/x',
  'new\nline',
  `new\nline ${'é'.repeat(80)}\nagain`,
  '..dots',
  'C:',
  '\\leading-backslash',
  'trailing space ',
  'quote\'"$(x)`',
  '\u001b[31mred',
  ' ',
  'x'.repeat(100),
  'y'.repeat(101),
];

function makeOddTree(): string {
  const root = makeTree(Object.fromEntries(oddNames.map((name, i) => [name, `content ${i}`])));
  writeFile(root, 'empty', '');
  writeFile(root, 'script.sh', '#!/bin/sh\n');
  chmodSync(join(root, 'script.sh'), 0o755);
  writeFile(root, 'setuid', 'x');
  chmodSync(join(root, 'setuid'), 0o4711);
  writeFile(root, 'before-1970', 'x', new Date('1965-01-01T00:00:01Z'));
  writeFile(root, 'after-2038', 'x', new Date('2040-06-01T00:00:00Z'));
  writeFile(root, 'mode-000', 'x');
  if (process.getuid?.() === 0) chmodSync(join(root, 'mode-000'), 0);
  mkdirSync(join(root, 'empty folder'));
  mkdirSync(join(root, 'w'.repeat(100)));
  mkdirSync(join(root, 'locked'), { mode: 0o700 });
  const targets = [
    'script.sh',
    '../outside',
    '/etc/passwd',
    'back\\slash',
    'c:target',
    'missing/',
    `t/${'é'.repeat(100)}`,
    'z'.repeat(300),
  ];
  for (const [i, target] of [...targets, 'a\nb', `a\nb${'é'.repeat(90)}`].entries()) {
    symlinkSync(target, join(root, `link${i}`));
    lutimesSync(join(root, `link${i}`), longAgo, longAgo);
  }
  utimesSync(join(root, 'empty folder'), longAgo, longAgo);
  return root;
}

/** Everything that an archive promises to bring back. */
function facts(root: string, keepLinkTime: boolean): object[] {
  return listTree(root).map(({ path, kind, size, mode, mtimeNs, target }) => ({
    path,
    kind,
    size,
    mode: kind === 'link' ? undefined : mode,
    seconds: kind === 'link' && !keepLinkTime ? undefined : mtimeNs / 1_000_000_000n,
    target,
    content: kind === 'file' ? readFileSync(join(root, path)).toString('base64') : undefined,
  }));
}

const unpackers: Readonly<Record<string, (archive: string, folder: string) => void>> = {
  'GNU tar': (archive, folder) => execFileSync('tar', ['-xpzf', archive, '-C', folder]),
  bsdtar: (archive, folder) =>
    execFileSync('bsdtar', ['-xpzf', archive, '-C', folder], { env: { ...process.env, LC_ALL: 'C.UTF-8' } }),
  "Python's tarfile": (archive, folder) => {
    const script =
      'import sys,tarfile\nt=tarfile.open(sys.argv[1])\nkw={"filter":"fully_trusted"} if hasattr(tarfile,"fully_trusted_filter") else {}\nt.extractall(sys.argv[2],**kw)';
    execFileSync('python3', ['-c', script, archive, folder], { env: { ...process.env, PYTHONUTF8: '1' } });
  },
};

describe('B31: a tree with odd names, modes, times and links', () => {
  test.each(Object.entries(unpackers))('comes back byte for byte with %s', async (name, unpackWith) => {
    const root = makeOddTree();
    const archived = await archiveWritten(root);
    const folder = temporaryFolder();
    unpackWith(archived.archiveFile, folder);
    // Python sets no time on links.
    const keepLinkTime = name !== "Python's tarfile";
    expect(facts(folder, keepLinkTime)).toEqual(facts(root, keepLinkTime));
  });

  test('reads back without a problem, and every name is that of the walk', async () => {
    const root = makeOddTree();
    const archived = await archiveWritten(root);
    expect(await problemsOf(archived)).toEqual([]);
    expect(archived.result.index.entries.map(({ path }) => path)).toEqual(listTree(root).map(({ path }) => path));
    expect(archived.result.skipped).toEqual([]);
  });
});

test('an archive is private, passes gzip -t, and is exactly the size of its packs', async () => {
  const archived = await archiveWritten(makeTree(manyFiles()));
  execFileSync('gzip', ['-t', archived.archiveFile]);
  const { bytes, index, packs, newPacks, files, rawBytes } = archived.result;
  expect(statSync(archived.archiveFile).mode & 0o777).toBe(0o600);
  expect(statSync(archived.archiveFile).size).toBe(bytes);
  expect(index.packs.reduce((sum, pack) => sum + pack.bytes, 0)).toBe(bytes);
  expect(packs).toEqual({ total: index.packs.length, reused: 0 });
  expect(newPacks).toHaveLength(index.packs.length);
  expect(files).toBe(200);
  expect(rawBytes).toBe(Number(execFileSync('sh', ['-c', `gzip -dc "${archived.archiveFile}" | wc -c`]).toString()));
});

test('an empty tree gives an empty archive that tar accepts', async () => {
  const archived = await archiveWritten(makeTree({}));
  expect(execFileSync('tar', ['-tzf', archived.archiveFile]).toString()).toBe('');
  expect(await problemsOf(archived)).toEqual([]);
});

test('B35: both names of a hard-linked file come back with its content', async () => {
  const root = makeTree({ 'a.txt': 'shared' });
  execFileSync('ln', [join(root, 'a.txt'), join(root, 'b.txt')]);
  const archived = await archiveWritten(root);
  const folder = temporaryFolder();
  execFileSync('tar', ['-xzf', archived.archiveFile, '-C', folder]);
  expect(readFileSync(join(folder, 'b.txt'), 'utf8')).toBe('shared');
  expect(lstatSync(join(folder, 'a.txt')).nlink).toBe(1);
});

test('B27: links are stored as links, whatever they point to', async () => {
  const root = makeTree({ 'a/x': 'x' });
  symlinkSync('.', join(root, 'a/b'));
  symlinkSync('/etc', join(root, 'a/etc'));
  const archived = await archiveWritten(root);
  expect(await problemsOf(archived)).toEqual([]);
  const folder = temporaryFolder();
  execFileSync('tar', ['-xzf', archived.archiveFile, '-C', folder]);
  expect(readlinkSync(join(folder, 'a/b'))).toBe('.');
  expect(readlinkSync(join(folder, 'a/etc'))).toBe('/etc');
});

test('B34: a sparse file is streamed over many packs and comes back expanded', async () => {
  const root = makeTree({ 'before.txt': 'a', 'z-after.txt': 'b' });
  const bytes = scale >= 10 ? 9 * 1024 ** 3 : 64 * 1024 ** 2 + 77;
  const big = join(root, 'sparse.bin');
  writeFileSync(big, pseudoRandom(3_000_000, 5));
  truncateSync(big, bytes);
  utimesSync(big, longAgo, longAgo);
  const archived = await archiveWritten(root);
  expect(archived.result.index.packs.length).toBeGreaterThan(bytes / 1024 ** 2);
  expect(await problemsOf(archived)).toEqual([]);
  const listed = execFileSync('tar', ['-tvzf', archived.archiveFile]).toString();
  expect(listed).toContain(String(bytes));
  const compared = execFileSync('sh', [
    '-c',
    `tar -xOzf "${archived.archiveFile}" sparse.bin | cmp - "${big}" && echo same`,
  ]);
  expect(compared.toString()).toBe('same\n');
}, 600_000);

test('files around the limits of a pack come back whole', async () => {
  const limits = [511, 512, 513, 1_047_039, 1_048_064, 1_048_065, 1_048_576, 1_048_577, 2_096_640, 2_097_153];
  const files = Object.fromEntries(limits.map((size) => [`size-${size}`, pseudoRandom(size, size)]));
  const root = makeTree(files);
  const archived = await archiveWritten(root);
  expect(await problemsOf(archived)).toEqual([]);
  const folder = temporaryFolder();
  execFileSync('tar', ['-xzf', archived.archiveFile, '-C', folder]);
  for (const size of limits)
    expect(readFileSync(join(folder, `size-${size}`)).equals(files[`size-${size}`] ?? Buffer.alloc(0))).toBe(true);
});
