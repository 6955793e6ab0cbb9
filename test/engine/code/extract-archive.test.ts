import { hash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { CodeIndex, IndexEntry, Pack } from '../../../src/engine/code/code-index.ts';
import { type Extraction, type ExtractOptions, extractArchive } from '../../../src/engine/code/extract-archive.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { archiveTree, describeTree, makeFolder } from './tree-helpers.ts';

const scale = Number(process.env['SCALE'] ?? 1);

interface Sample {
  readonly folder: string;
  readonly root: string;
  readonly archiveFile: string;
  readonly index: CodeIndex;
}

async function makeSample(
  files: Readonly<Record<string, string | Buffer>>,
  prepare?: (root: string) => void,
): Promise<Sample> {
  const folder = temporaryFolder();
  const root = makeFolder(join(folder, 'root'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  prepare?.(root);
  const past = new Date('2024-05-06T07:08:09.5Z');
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8', withFileTypes: true });
  for (const entry of paths) if (!entry.isSymbolicLink()) utimesSync(join(entry.parentPath, entry.name), past, past);
  const archiveFile = join(folder, 'codex-code.tar.gz');
  return { folder, root, archiveFile, index: await archiveTree(root, archiveFile) };
}

async function extract(
  sample: Sample,
  options: Partial<ExtractOptions> = {},
): Promise<Extraction & { target: string }> {
  const { archiveFile, index, folder } = sample;
  const target = options.target ?? makeFolder(join(folder, 'outer', `target-${randomUUID()}`));
  const { signal } = new AbortController();
  return { ...(await extractArchive({ archiveFile, index, fsync: false, signal, ...options, target })), target };
}

/** Bytes that don't compress, the same for the same seed. */
function noise(seed: string, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i * 64 < length; i += 1) parts.push(hash('sha512', `${seed}${i}`, 'buffer'));
  return Buffer.concat(parts).subarray(0, length);
}

const manyFiles = Object.fromEntries(
  Array.from({ length: 120 }, (_, i) => [`service-${i % 7}/src/file-${i}.ts`, noise(String(i), 10_000)]),
);

test('B31: an unpacked archive equals its sources: odd names, modes, times, links, empty and large files', async () => {
  const files = {
    ...manyFiles,
    empty: '',
    'large.bin': noise('large', 3_500_000),
    'exactly.bin': noise('exact', 1024 * 1024 - 512),
    'odd/new\nline': 'x',
    'odd/\u001b[31m': 'x',
    'odd/-leading': 'x',
    'odd/c:colon': 'x',
    'odd/back\\slash': 'x',
    'odd/..dots': 'x',
    'odd/café/näme': 'x',
    [`odd/${'n'.repeat(255)}`]: 'x',
    [`${'deep/'.repeat(150)}file`]: 'x',
  };
  const sample = await makeSample(files, (root) => {
    mkdirSync(join(root, 'empty folder'));
    symlinkSync('../large.bin', join(root, 'odd/link'));
    symlinkSync('/etc/passwd', join(root, 'odd/outside'));
    symlinkSync('x'.repeat(300), join(root, 'odd/dangling'));
    chmodSync(join(root, 'odd/-leading'), 0o6755);
    chmodSync(join(root, 'odd/c:colon'), 0o400);
    chmodSync(join(root, 'empty folder'), 0o1777);
  });
  for (const fsync of [false, true]) {
    const result = await extract(sample, { fsync });
    expect(describeTree(result.target)).toEqual(describeTree(sample.root));
    expect(statSync(join(result.target, 'odd/-leading')).mode & 0o7000).toBe(0);
    expect(statSync(join(result.target, 'empty folder')).mode & 0o7000).toBe(0);
    expect(result).toMatchObject({ files: Object.keys(files).length, links: 3, packs: sample.index.packs.length - 1 });
  }
});

test('A part of an archive comes with its parents, and only its packs are read', async () => {
  const sample = await makeSample(manyFiles);
  const path = 'service-3/src/file-3.ts';
  const needed = sample.index.entries.find((entry) => entry.path === path)?.pack ?? -1;
  const bytes = readFileSync(sample.archiveFile);
  for (const [number, pack] of sample.index.packs.entries()) {
    if (number !== needed) bytes.fill(0, pack.offset, pack.offset + pack.bytes);
  }
  writeFileSync(sample.archiveFile, bytes);
  const { target, packs } = await extract(sample, { wanted: (entry) => entry.path === path });
  expect(packs).toBe(1);
  const expected = describeTree(sample.root).filter((line) => /^service-3\/( |src\/ |src\/file-3.ts)/.test(line));
  expect(describeTree(target)).toEqual(expected);
  await expect(extract(sample)).rejects.toMatchObject({ code: 'snapshot-damaged' });
});

test('A flipped bit anywhere in the archive is found, and the entry is named', async () => {
  const sample = await makeSample({ ...manyFiles, 'large.bin': noise('large', 1_500_000) });
  const good = readFileSync(sample.archiveFile);
  const last = sample.index.packs.at(-1)?.offset ?? 0;
  const times = Math.round(20 * scale);
  for (let i = 0; i < times; i += 1) {
    const bytes = Buffer.from(good);
    const offset = Math.floor((last / times) * i);
    bytes[offset] = (bytes[offset] ?? 0) ^ (1 << (i % 8));
    writeFileSync(sample.archiveFile, bytes);
    await expect(extract(sample)).rejects.toMatchObject({
      code: 'snapshot-damaged',
      details: { entry: expect.stringMatching(/./) },
    });
  }
});

test('An archive that is cut off, longer, gone, or a link is refused', async () => {
  const sample = await makeSample({ 'file.txt': 'text' });
  const good = readFileSync(sample.archiveFile);
  const damaged = { code: 'snapshot-damaged', message: expect.stringContaining(sample.archiveFile) };
  for (const bytes of [good.subarray(0, -1), Buffer.concat([good, Buffer.from('x')]), Buffer.alloc(0)]) {
    writeFileSync(sample.archiveFile, bytes);
    await expect(extract(sample)).rejects.toMatchObject(damaged);
  }
  writeFileSync(join(sample.folder, 'real'), good);
  const archiveFile = join(sample.folder, 'link');
  symlinkSync('real', archiveFile);
  await expect(extract(sample, { archiveFile })).rejects.toMatchObject({ code: 'snapshot-damaged' });
  await expect(extract(sample, { archiveFile: join(sample.folder, 'gone') })).rejects.toMatchObject({
    code: 'snapshot-damaged',
    message: expect.stringContaining('ENOENT'),
  });
});

/** Replaces the tar bytes of the first pack, hashes made right, as someone who can write both files would. */
function forgePack({ archiveFile, index }: Sample, change: (raw: Buffer) => void): CodeIndex {
  const [first, ...rest] = index.packs;
  if (first === undefined) throw new Error('There is no pack.');
  const bytes = readFileSync(archiveFile);
  const raw = gunzipSync(bytes.subarray(0, first.bytes));
  change(raw);
  const member = gzipSync(raw);
  writeFileSync(archiveFile, Buffer.concat([member, bytes.subarray(first.bytes)]));
  const moved = rest.map((pack): Pack => ({ ...pack, offset: pack.offset - first.bytes + member.length }));
  return { ...index, packs: [{ ...first, bytes: member.length, sha256: hash('sha256', member, 'hex') }, ...moved] };
}

function repairChecksum(raw: Buffer): void {
  raw.write('        ', 148);
  const sum = raw.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  raw.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}

test.each([
  ['another name', (raw: Buffer) => raw.write('evil.txt', 0)],
  ['another kind', (raw: Buffer) => raw.write('5', 156)],
  ['another size', (raw: Buffer) => raw.write('00000000003', 124)],
  ['another mode', (raw: Buffer) => raw.write('0000777', 100)],
  ['another target', (raw: Buffer) => raw.write('/etc', 157)],
  ['unexpected kind', (raw: Buffer) => raw.write('1', 156)],
  ['malformed', (raw: Buffer) => raw.write('9', 124)],
])('A tar header with %s than the index is refused, hashes right or not', async (reason, change) => {
  const sample = await makeSample({ 'file.txt': 'text' });
  const index = forgePack(sample, (raw) => {
    change(raw);
    repairChecksum(raw);
  });
  await expect(extract(sample, { index })).rejects.toMatchObject({
    code: 'snapshot-damaged',
    message: expect.stringMatching(new RegExp(`^file\\.txt in .*${reason}`)),
  });
});

test('A header with a wrong checksum and a content with a wrong hash are refused', async () => {
  for (const [position, reason] of [
    [0, 'checksum'],
    [512, 'content'],
  ] as const) {
    const sample = await makeSample({ 'file.txt': 'text' });
    const index = forgePack(sample, (raw) => raw.write('X', position));
    const message = expect.stringContaining(reason);
    await expect(extract(sample, { index })).rejects.toMatchObject({ code: 'snapshot-damaged', message });
  }
});

test('A large file with a wrong hash is removed again', async () => {
  const sample = await makeSample({ 'large.bin': noise('large', 2_500_000) });
  const entries = sample.index.entries.map((entry) => ({ ...entry, sha256: '0'.repeat(64) }));
  const target = makeFolder(join(sample.folder, 'target'));
  const extraction = extract(sample, { index: { ...sample.index, entries }, target });
  await expect(extraction).rejects.toMatchObject({ code: 'snapshot-damaged', details: { entry: 'large.bin' } });
  expect(readdirSync(target)).toEqual([]);
});

test('E69, E70: an index whose names lead out, or through a link or file, is refused before anything is written', async () => {
  const sample = await makeSample({ 'file.txt': 'text', 'folder/inner.txt': 'inner' });
  const outside = (): string[] => describeTree(sample.folder).filter((line) => !line.startsWith('outer/target'));
  makeFolder(join(sample.folder, 'outer'));
  const rename = (path: string): CodeIndex => ({
    ...sample.index,
    entries: sample.index.entries.map((entry) => (entry.path === 'file.txt' ? { ...entry, path } : entry)),
  });
  for (const path of ['../evil', '/evil', 'a/../../evil', '..', '.', '', 'a//b', 'a/', 'nul\0', 'folder/inner.txt']) {
    const target = makeFolder(join(sample.folder, 'outer/target'));
    const before = outside();
    await expect(extract(sample, { index: rename(path), target })).rejects.toMatchObject({ code: 'snapshot-damaged' });
    expect(readdirSync(target)).toEqual([]);
    expect(outside()).toEqual(before);
  }
  const retype = (entry: IndexEntry): IndexEntry =>
    entry.path === 'folder' ? { ...entry, kind: 'link', target: '../outer' } : entry;
  const index = { ...sample.index, entries: sample.index.entries.map(retype) };
  await expect(extract(sample, { index })).rejects.toMatchObject({ message: expect.stringContaining('no folder') });
});

test('B32: names that the disk can not tell apart are found before anything is written', async () => {
  const sample = await makeSample({
    'src/Main.ts': '1',
    'src/main.ts': '2',
    'caf\u00e9': '3',
    'cafe\u0301': '4',
    'SRC/x': '5',
  });
  const target = makeFolder(join(sample.folder, 'target'));
  const folding = { ignoresCase: true, normalizes: true };
  await expect(extract(sample, { target, folding })).rejects.toMatchObject({
    code: 'names-collide',
    details: {
      collisions: expect.arrayContaining([
        { path: 'caf\u00e9', other: 'cafe\u0301' },
        { path: 'src', other: 'SRC' },
      ]),
    },
  });
  expect(readdirSync(target)).toEqual([]);
  const wanted = ({ path }: IndexEntry): boolean => path === 'src/Main.ts' || path.startsWith('cafe');
  expect((await extract(sample, { wanted, folding })).files).toBe(2);
  expect((await extract(sample)).files).toBe(5);
});

test('A cancelled extraction throws the reason of its signal', async () => {
  const sample = await makeSample({ ...manyFiles, 'large.bin': noise('large', 3_500_000) });
  const controller = new AbortController();
  const onProgress = (): void => controller.abort(new Error('enough'));
  await expect(extract(sample, { signal: controller.signal, onProgress })).rejects.toThrow('enough');
  await expect(extract(sample, { signal: controller.signal })).rejects.toThrow('enough');
});

test('Progress ends at the total, and a target that is not empty is left alone', async () => {
  const sample = await makeSample(manyFiles);
  const seen: number[] = [];
  const { bytes, target } = await extract(sample, { onProgress: ({ done }) => seen.push(done) });
  expect(bytes).toBe(1_200_000);
  expect(seen.at(-1)).toBe(bytes);
  const before = describeTree(target);
  await expect(extract(sample, { target })).rejects.toMatchObject({ code: 'target-exists' });
  expect(describeTree(target)).toEqual(before);
});
