import { execFileSync } from 'node:child_process';
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  type ExtractLegacyOptions,
  extractLegacy,
  type LegacyExtraction,
} from '../../../src/engine/code/extract-legacy.ts';
import { runLegacyThread } from '../../../src/engine/code/legacy-thread.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { encodeEntry, endOfTar, type ForeignEntry, foreignArchive, gnuLong, pax } from './foreign-archive.ts';
import { describeTree, makeFolder } from './tree-helpers.ts';

const scale = Number(process.env['SCALE'] ?? 1);
const limits = { entries: 1000, bytes: 1_000_000, depth: 40 };
const normal: ForeignEntry = { name: 'normal.txt', content: 'as it should be' };

interface Case {
  readonly result?: LegacyExtraction;
  readonly error?: unknown;
  readonly tree: readonly string[];
}

/** Unpacks beside a canary folder, and proves that nothing outside the target changed. */
async function unpack(archive: Buffer, options: Partial<ExtractLegacyOptions> = {}): Promise<Case> {
  const folder = temporaryFolder();
  const canary = makeFolder(join(folder, 'outside'));
  writeFileSync(join(canary, 'canary.txt'), 'alive');
  const archiveFile = join(folder, 'archive.tar.gz');
  writeFileSync(archiveFile, archive);
  const target = makeFolder(join(folder, 'deep/target'));
  const outside = (): string[] => describeTree(folder).filter((line) => !line.startsWith('deep/target'));
  const before = outside();
  const { signal } = new AbortController();
  const all = { archiveFile, target, isExcluded: () => false, limits, signal, ...options };
  const outcome = await extractLegacy(all).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  expect(outside()).toEqual(before);
  return { ...outcome, tree: describeTree(target).map((line) => line.replace(/ .*/, '')) };
}

/** The reason for which the entry was left out, while the normal one beside it was written. */
async function reasonOf(entry: ForeignEntry, ...others: ForeignEntry[]): Promise<string | undefined> {
  const { result, error, tree } = await unpack(foreignArchive([...others, entry, normal]));
  expect(error).toBeUndefined();
  expect(tree).toContain('normal.txt');
  return [...(result?.refused ?? []), ...(result?.skipped ?? [])].find(({ path }) => path === entry.name)?.reason;
}

/** The message of the error with which an archive is refused as a whole. */
async function damageOf(archive: Buffer, options: Partial<ExtractLegacyOptions> = {}): Promise<string> {
  const { error, result } = await unpack(archive, options);
  expect(result).toBeUndefined();
  expect(error).toMatchObject({ name: 'AppError', code: 'snapshot-damaged' });
  return error instanceof Error ? error.message : '';
}

test('A v1.5 archive made by tar gives its sources back, without node_modules, dist and the Brain', async () => {
  const folder = temporaryFolder();
  const root = makeFolder(join(folder, 'Codex'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('codex-brain/src/index.ts', 'export const brain = 1;\n');
  write('codex-brain/package.json', '{}');
  write('codex-brain/codex-brain-data/codex-brain.db', 'SQLite format 3\0 and so on');
  write('codex-brain/node_modules/tool/bin.js', 'x'.repeat(100_000));
  write('codex-brain/dist/index.js', 'built');
  write(`codex-brain/${'long-'.repeat(15)}folder/${'name-'.repeat(20)}é.ts`, 'long');
  write('codex-brain/src/new\nline \\ : - .ts', 'odd');
  mkdirSync(join(root, 'codex-brain/node_modules/.bin'));
  symlinkSync('../tool/bin.js', join(root, 'codex-brain/node_modules/.bin/tool'));
  symlinkSync('../package.json', join(root, 'codex-brain/src/inside'));
  linkSync(join(root, 'codex-brain/package.json'), join(root, 'codex-brain/same.json'));
  write('codex-bridge/run.sh', '#!/bin/sh\n');
  execFileSync('chmod', ['755', join(root, 'codex-bridge/run.sh')]);
  execFileSync('find', [root, '-exec', 'touch', '-h', '-d', '2024-05-06 07:08:09', '{}', '+']);
  const archiveFile = join(folder, 'codex-code.tar.gz');
  execFileSync('tar', ['-czf', archiveFile, '-C', root, 'codex-brain', 'codex-bridge']);

  const target = makeFolder(join(folder, 'target'));
  const isExcluded = (path: string): boolean => /(^|\/)(node_modules|dist|codex-brain-data)$/.test(path);
  const { signal } = new AbortController();
  const result = await extractLegacy({ archiveFile, target, isExcluded, limits, fsync: true, signal });

  expect(result).toMatchObject({ refused: [], skipped: [], files: 6, links: 1, excluded: { entries: 9 } });
  const isCode = (line: string): boolean => !/node_modules|dist|codex-brain-data/.test(line);
  const expected = describeTree(root).filter(isCode);
  expect(describeTree(target)).toEqual(expected);
  expect(statSync(join(target, 'codex-brain/same.json')).nlink).toBe(1);
});

test.each([
  ['../evil', 'leads through'],
  ['a/../../evil', 'leads through'],
  ['a/../evil', 'leads through'],
  ['/tmp/codex-evil', 'absolute'],
  ['..', 'leads through'],
  ['a/..', 'leads through'],
])('E69: an entry named %s is refused and named', async (name, reason) => {
  expect(await reasonOf({ name, content: 'evil' })).toContain(reason);
  const viaPax = { name: 'x', content: 'evil', before: [pax({ path: name })] };
  expect((await unpack(foreignArchive([viaPax, normal]))).result?.refused).toMatchObject([{ path: name }]);
  const viaGnu = { name: 'x', content: 'evil', before: [gnuLong(name)] };
  expect((await unpack(foreignArchive([viaGnu, normal]))).result?.refused).toMatchObject([{ path: name }]);
});

test.each(['..\\evil', 'C:..\\evil', 'C:\\evil', 'a\\..\\..\\evil', '...', '.. /x', '\u2025/x'])(
  'E69: the harmless name %s is kept as it is',
  async (name) => {
    const { tree, result } = await unpack(foreignArchive([{ name, content: 'plain' }]));
    expect(result?.refused).toEqual([]);
    expect(tree).toContain(name.replace(/ .*/, ''));
  },
);

test.each(['/etc', '../..', '../../outside', 'a/../../../outside', '../x/..', 'sub/..'])(
  'E70: a link to %s is refused, and so is what lies behind it',
  async (target) => {
    const link = { name: 'sub/link', type: '2', target };
    const { result, tree } = await unpack(foreignArchive([link, { name: 'sub/link/evil', content: 'x' }, normal]));
    expect(result?.refused.map(({ path }) => path)).toEqual(expect.arrayContaining(['sub/link', 'sub/link/evil']));
    expect(tree).toEqual(['normal.txt']);
  },
);

test('E70: a file behind a link that stays inside is refused, whichever comes first', async () => {
  const link = { name: 'link', type: '2', target: 'real' };
  const through = { name: 'link/file', content: 'x' };
  const real = { name: 'real/', type: '5' };
  for (const order of [
    [real, link, through],
    [through, real, link],
    [{ ...link, name: 'link/' }, real, through],
  ]) {
    const { result, tree } = await unpack(foreignArchive([...order, normal]));
    expect(tree).toEqual(['link', 'normal.txt', 'real/']);
    expect(result?.refused).toMatchObject([{ path: 'link/file', reason: expect.stringContaining('no folder') }]);
  }
});

test('E70: a path with a ligature is not taken for the folder that it resembles', async () => {
  const entries = [
    { name: 'ﬀ', type: '2', target: 'real' },
    { name: 'ff/file', content: 'x' },
    { name: 'real/', type: '5' },
  ];
  const { tree } = await unpack(foreignArchive([...entries]));
  expect(tree).toEqual(['ff/', 'ff/file', 'real/', 'ﬀ']);
});

test('E71: a hard link is copied from an earlier file, and refused otherwise', async () => {
  const hard = (name: string, target: string): ForeignEntry => ({ name, type: '1', target });
  const entries = [
    normal,
    hard('copy', 'normal.txt'),
    hard('early', 'later'),
    { name: 'later', content: 'x' },
    hard('out', '../outside/canary.txt'),
    hard('absolute', '/etc/passwd'),
    { name: 'soft', type: '2', target: 'normal.txt' },
    hard('via', 'soft'),
    hard('self', 'self'),
    hard('gone', 'node_modules/x'),
  ];
  const { result, tree } = await unpack(foreignArchive(entries));
  expect(tree).toEqual(['copy', 'later', 'normal.txt', 'soft']);
  expect(result?.refused.map(({ path }) => path)).toEqual(['early', 'out', 'absolute', 'via', 'self', 'gone']);
});

test('E71: copies of a hard-linked file count against the limit', async () => {
  const big = { name: 'big', content: Buffer.alloc(400_000) };
  const links = ['a', 'b', 'c'].map((name) => ({ name, type: '1', target: 'big' }));
  expect(await damageOf(foreignArchive([big, ...links]))).toContain('larger than 1000000');
});

test('E72: devices and FIFOs are skipped and named, special bits are stripped', async () => {
  expect(await reasonOf({ name: 'tty', type: '3' })).toContain('device');
  expect(await reasonOf({ name: 'disk', type: '4' })).toContain('device');
  expect(await reasonOf({ name: 'pipe', type: '6' })).toContain('FIFO');
  expect(await reasonOf({ name: 'odd', type: 'Z', content: 'x' })).toContain('unknown');
  const folder = temporaryFolder();
  const archiveFile = join(folder, 'a.tar.gz');
  const modes = [
    { name: 'setuid', mode: 0o6755, content: 'x' },
    { name: 'none', mode: 0, content: 'x' },
    { name: 'copy', type: '1', target: 'none' },
    { name: 'sticky/', type: '5', mode: 0o1777 },
  ];
  writeFileSync(archiveFile, foreignArchive(modes));
  const target = makeFolder(join(folder, 't'));
  const { signal } = new AbortController();
  await extractLegacy({ archiveFile, target, isExcluded: () => false, limits, signal });
  const mode = (name: string): number => statSync(join(target, name)).mode & 0o7777;
  expect([mode('setuid'), mode('none'), mode('copy'), mode('sticky')]).toEqual([0o755, 0, 0, 0o777]);
});

test('E73: a bomb stops at the bound: bytes, entries, declared size, depth, names, excluded content', async () => {
  const zeros = Buffer.alloc(2_000_000);
  expect(await damageOf(foreignArchive([normal, { name: 'zeros', content: zeros }]))).toContain('zeros');
  const many = Array.from({ length: 1001 }, (_, i) => ({ name: `f${i}` }));
  expect(await damageOf(foreignArchive(many))).toContain('more than 1000 entries');
  expect(await damageOf(foreignArchive([{ name: 'huge', size: 8 ** 11 - 1 }]))).toContain('huge');
  const terabyte = Buffer.from('800000000000010000000000', 'hex');
  expect(await damageOf(foreignArchive([{ name: 'huge', rawSize: terabyte }]))).toContain('huge');
  expect(await damageOf(foreignArchive([{ name: 'a/'.repeat(45), type: '5' }]))).toContain('too deep');
  const long = { name: 'x', before: [gnuLong('n'.repeat(9000))] };
  expect(await damageOf(foreignArchive([long]))).toContain('too long');
  const manyNames = Array.from({ length: 3 }, () => ({ name: 'x', before: [gnuLong('n'.repeat(2_000_000))] }));
  expect(await damageOf(foreignArchive(manyNames))).toContain('too large');
});

test('E73: excluded entries are not written and may inflate to a bound only', async () => {
  const content = Buffer.alloc(5_000_000);
  const modules = { name: 'node_modules/x', content };
  const isExcluded = (path: string): boolean => path === 'node_modules';
  const { result, tree } = await unpack(foreignArchive([modules, normal]), { isExcluded });
  expect(tree).toEqual(['normal.txt']);
  expect(result?.excluded).toEqual({ entries: 1, bytes: content.length });
  const declared = { name: 'node_modules/x', size: 4_000_000_000 };
  expect(await damageOf(foreignArchive([declared]), { isExcluded })).toContain('node_modules/x');
});

test('E73: a name longer than the system takes is refused and named', async () => {
  const name = 'n'.repeat(300);
  const { result, tree } = await unpack(foreignArchive([{ name: 'x', before: [gnuLong(name)] }, normal]));
  expect(result?.refused).toMatchObject([{ path: name, reason: expect.stringContaining('too long') }]);
  expect(tree).toEqual(['normal.txt']);
});

test('E74: PAX and number tricks end in an error that names the archive', async () => {
  const withPax = (records: Record<string, string> | Buffer, type?: string): Buffer =>
    foreignArchive([normal, { name: 'x', content: 'x', before: [pax(records, type)] }]);
  expect(await damageOf(withPax({ path: 'good\0/../../evil' }))).toContain('NUL');
  expect(await damageOf(withPax({ linkpath: 'good\0evil' }))).toContain('NUL');
  expect(await damageOf(withPax({ size: '-1' }))).toContain('size');
  expect(await damageOf(withPax({ size: '1e3' }))).toContain('size');
  expect(await damageOf(withPax(Buffer.from('99 path=short\n')))).toContain('malformed');
  expect(await damageOf(withPax({ path: 'two\nlines' }))).toContain('malformed');
  expect(await damageOf(withPax({ size: '1' }, 'g'))).toContain('global');
  expect(await damageOf(withPax({ linkpath: '/etc' }, 'g'))).toContain('global');
  expect(await damageOf(withPax({ 'GNU.sparse.major': '1' }))).toContain('sparse');
  const negative = Buffer.from('ffffffffffffffffffffff00', 'hex');
  expect(await damageOf(foreignArchive([normal, { name: 'x', rawSize: negative }]))).toContain('archive.tar.gz');
  const unsafe = Buffer.from('80ffffffffffffffffffffff', 'hex');
  expect(await damageOf(foreignArchive([normal, { name: 'x', rawSize: unsafe }]))).toContain('archive.tar.gz');
});

test('E74: a numeric path and a size for a header in between do no harm', async () => {
  const numeric = { name: 'x', content: 'one', before: [pax({ path: '12345' })] };
  const between = { name: 'x', content: 'two', before: [pax({ size: '3' }), gnuLong('named')] };
  const { result, tree } = await unpack(foreignArchive([numeric, between, normal]));
  expect(result?.refused).toEqual([]);
  expect(tree).toEqual(['12345', 'named', 'normal.txt']);
});

test('E74: binary attributes of a Mac in a PAX header are no reason to refuse', async () => {
  const attribute = { 'SCHILY.xattr.com.apple.provenance': '\u0001\0\0\u0002' };
  const { tree } = await unpack(foreignArchive([{ name: 'file', content: 'x', before: [pax(attribute)] }]));
  expect(tree).toEqual(['file']);
});

test('E75: an entry that occurs twice is refused whatever its kinds, folders excepted', async () => {
  const twice = [
    { name: 'file', content: 'one' },
    { name: './file', content: 'two' },
    { name: 'both', type: '2', target: 'normal.txt' },
    { name: 'both', content: 'x' },
    { name: 'folder/', type: '5' },
    { name: 'folder', type: '5' },
    { name: 'mixed/', type: '5' },
    { name: 'mixed/inner', content: 'x' },
    { name: 'mixed', content: 'x' },
  ];
  const { result, tree } = await unpack(foreignArchive([...twice, normal]));
  expect(tree).toEqual(['folder/', 'normal.txt']);
  expect(result?.refused.map(({ path }) => path)).toEqual(['./file', 'both', 'mixed', 'mixed/inner']);
});

test('E75: what follows the end of the archive, in the tar or behind it, is refused', async () => {
  const second = encodeEntry({ name: 'second', content: 'x' });
  expect(await damageOf(foreignArchive([normal], Buffer.concat([endOfTar, second])))).toContain('after its end');
  expect(await damageOf(foreignArchive([normal], Buffer.concat([endOfTar, Buffer.alloc(9000), second])))).toContain(
    'after',
  );
  const whole = foreignArchive([normal]);
  expect(await damageOf(Buffer.concat([whole, Buffer.from('garbage')]))).toContain('archive.tar.gz');
  expect(await damageOf(Buffer.concat([whole, Buffer.alloc(700)]))).toContain('after its end');
  expect(await damageOf(foreignArchive([normal], Buffer.alloc(0)))).toContain('cut off');
  expect(await damageOf(foreignArchive([]))).toContain('archive.tar.gz');
  const several = Buffer.concat([foreignArchive([normal], Buffer.alloc(0)), foreignArchive([{ name: 'b' }])]);
  expect((await unpack(several)).tree).toEqual(['b', 'normal.txt']);
});

test('An archive that is cut off anywhere is refused and names where', async () => {
  const whole = foreignArchive([normal, { name: 'last.txt', content: Buffer.from('y'.repeat(5000)) }]);
  for (let length = 0; length < whole.length; length += Math.ceil(40 / scale)) {
    expect(await damageOf(whole.subarray(0, length))).toContain('archive.tar.gz');
  }
  expect(await damageOf(whole.subarray(0, -4))).toContain('last.txt');
});

test('E75: an archive within an archive is not inflated behind our back', async () => {
  const { gzipSync } = await import('node:zlib');
  expect(await damageOf(gzipSync(foreignArchive([normal])))).toContain('twice');
});

test('B32: names that the disk can not tell apart are refused before anything is written', async () => {
  const entries = ['A/x', 'a/y', 'A/X', 'caf\u00e9', 'cafe\u0301'].map((name) => ({ name, content: name }));
  const folding = { ignoresCase: true, normalizes: true };
  const { result, tree } = await unpack(foreignArchive(entries), { folding });
  expect(tree).toEqual(['A/', 'A/x', 'caf\u00e9']);
  expect(result?.refused.map(({ path }) => path)).toEqual(['a/y', 'A/X', 'cafe\u0301']);
});

test('Names that are not UTF-8 are refused', async () => {
  const name = Buffer.from([0xff, 0xfe, 0x61]).toString('latin1');
  const raw = encodeEntry({ name: 'aaa', content: 'x' });
  raw.set([0xff, 0xfe, 0x61], 0);
  raw.write('        ', 148);
  const sum = raw.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  raw.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const { gzipSync } = await import('node:zlib');
  const { result } = await unpack(gzipSync(Buffer.concat([raw, encodeEntry(normal), endOfTar])));
  expect(name).toHaveLength(3);
  expect(result?.refused).toMatchObject([{ reason: expect.stringContaining('UTF-8') }]);
});

test('A cancelled extraction throws the reason of its signal', async () => {
  const controller = new AbortController();
  const isExcluded = (): boolean => {
    controller.abort(new Error('enough'));
    return false;
  };
  const { error } = await unpack(foreignArchive([normal]), { signal: controller.signal, isExcluded });
  expect(error).toMatchObject({ message: 'enough' });
});

test('E74: a thread that hangs is ended and becomes an error', async () => {
  const folder = temporaryFolder();
  const archiveFile = join(folder, 'archive.tar.gz');
  writeFileSync(archiveFile, foreignArchive([normal]));
  const fd = openSync(archiveFile, 'r');
  hangReads(folder);
  const { signal } = new AbortController();
  const options = { archiveFile, signal, stallMs: 1, onMessage: () => undefined };
  const run = runLegacyThread({ kind: 'scan', fd, maxRawBytes: 1e6 }, options);
  await expect(run).rejects.toMatchObject({ code: 'snapshot-damaged', message: expect.stringContaining('to an end') });
  closeSync(fd);
});

/** Takes all the threads in which this process reads until the test ends: opening a FIFO waits for one who writes. */
function hangReads(folder: string): void {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const opening = Array.from({ length: threads }, () => open(fifo, 'r'));
  onTestFinished(async () => {
    const writer = openSync(fifo, 'r+');
    for (const handle of await Promise.all(opening)) await handle.close();
    closeSync(writer);
  });
}

test('A target that is not empty is left alone', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'mine'), 'x');
  const archiveFile = join(folder, 'mine');
  const { signal } = new AbortController();
  const extraction = extractLegacy({ archiveFile, target: folder, isExcluded: () => false, limits, signal });
  await expect(extraction).rejects.toMatchObject({ code: 'target-exists' });
  expect(readFileSync(archiveFile, 'utf8')).toBe('x');
});
