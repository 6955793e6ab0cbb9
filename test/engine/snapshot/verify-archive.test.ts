import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { CodeIndex, IndexEntry } from '../../../src/engine/code/code-index.ts';
import { closeWorkers } from '../../../src/engine/code/pack-pool.ts';
import { verifyArchive } from '../../../src/engine/snapshot/verify-archive.ts';
import { verifyLegacyArchive } from '../../../src/engine/snapshot/verify-legacy-archive.ts';
import {
  archiveWritten,
  asPrevious,
  makeTree,
  manyFiles,
  problemsOf,
  pseudoRandom,
  temporaryFolder,
  type Written,
  writeFile,
} from '../code/archive-fixture.ts';

const scale = Number(process.env['SCALE'] ?? 1);
const signal = new AbortController().signal;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Archived {
  readonly archiveFile: string;
  readonly result: Written;
}

afterAll(() => closeWorkers());

async function makeArchive(): Promise<Archived> {
  const root = makeTree({
    'a.txt': 'first',
    'dir/b.txt': 'second'.repeat(200),
    'dir/c.txt': '',
    'z.bin': pseudoRandom(700, 1),
  });
  symlinkSync('a.txt', join(root, 'link'));
  return archiveWritten(root);
}

describe('D63: one flipped bit', () => {
  test('anywhere in an archive is found', async () => {
    const archived = await makeArchive();
    const bytes = readFileSync(archived.archiveFile);
    const flips = Math.max(1000 * scale, bytes.length);
    const missed: number[] = [];
    for (let i = 0; i < flips; i += 1) {
      const at = i < bytes.length ? i : Math.floor(Math.random() * bytes.length);
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (i % 8));
      writeFileSync(archived.archiveFile, damaged);
      // Only what an index says, as for a pack that a later archive copied: whole-file hash aside.
      const expected = { bytes: bytes.length, sha256: sha256(damaged) };
      const { index } = archived.result;
      const problems = await verifyArchive({ archiveFile: archived.archiveFile, index, expected, packs: [], signal });
      if (problems.length === 0) missed.push(at);
    }
    expect(flips).toBeGreaterThanOrEqual(1000);
    expect(missed).toEqual([]);
  });

  test('names the entries of its pack and the archive', async () => {
    const archived = await archiveWritten(makeTree({ ...manyFiles(20_000), 'large.bin': pseudoRandom(2_500_000, 1) }));
    const { entries, packs } = archived.result.index;
    const pack = entries.find(({ path }) => path === 'large.bin')?.pack ?? 0;
    const bytes = readFileSync(archived.archiveFile);
    const at = (packs[pack + 1]?.offset ?? 0) + 1000;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(archived.archiveFile, bytes);
    const problems = await problemsOf(archived);
    expect(problems.map(({ message }) => message)).toEqual([
      'its bytes do not match their hash',
      'a pack that it lies in does not match its hash',
    ]);
    expect(problems.map(({ file }) => file.split(': ')[1])).toEqual([undefined, 'large.bin']);
  });
});

test('D64: an archive cut to any length, or with bytes after its end, is found', async () => {
  const archived = await makeArchive();
  const { archiveFile, result } = archived;
  const bytes = readFileSync(archiveFile);
  for (let length = 0; length < bytes.length; length += scale > 1 ? 1 : 13) {
    writeFileSync(archiveFile, bytes.subarray(0, length));
    const expected = { bytes: length, sha256: sha256(bytes.subarray(0, length)) };
    expect(await verifyArchive({ archiveFile, index: result.index, expected, signal })).not.toEqual([]);
  }
  for (const garbage of [Buffer.from('x'), Buffer.alloc(1024), gzipSync(Buffer.alloc(512))]) {
    writeFileSync(archiveFile, bytes);
    appendFileSync(archiveFile, garbage);
    const expected = { bytes: bytes.length + garbage.length, sha256: sha256(readFileSync(archiveFile)) };
    const problems = await verifyArchive({ archiveFile, index: result.index, expected, signal });
    expect(problems.map(({ message }) => message)).toEqual([`has ${garbage.length} bytes after its last pack`]);
  }
});

test('a missing archive, and one that is another, are problems', async () => {
  const archived = await makeArchive();
  const missing = await problemsOf({ ...archived, archiveFile: join(dirname(archived.archiveFile), 'missing') });
  expect(missing).toEqual([{ file: 'missing', message: 'is missing' }]);
  const other = await archiveWritten(makeTree(manyFiles(100)));
  expect(await problemsOf({ ...archived, archiveFile: other.archiveFile })).not.toEqual([]);
});

describe('D68: reading back compares what the archive holds, not only hashes', () => {
  /** Verifies against an index in which one entry is changed: every hash of every pack is right. */
  async function withEntry(path: string, change: Partial<IndexEntry>): Promise<readonly string[]> {
    const { archiveFile, result } = await makeArchive();
    const entries = result.index.entries.map((entry) => (entry.path === path ? { ...entry, ...change } : entry));
    const index = { ...result.index, entries };
    return (await verifyArchive({ archiveFile, index, expected: result, signal })).map(
      ({ file, message }) => `${file}: ${message}`,
    );
  }

  test.each<[string, string, Partial<IndexEntry>]>([
    ['name', 'a.txt', { path: 'b.txt' }],
    ['kind', 'dir', { kind: 'link' }],
    ['size', 'a.txt', { size: 6 }],
    ['mode', 'a.txt', { mode: 0o600 }],
    ['time', 'a.txt', { mtimeNs: 1n }],
    ['target', 'link', { target: 'elsewhere' }],
    ['content', 'a.txt', { sha256: '00'.repeat(32) }],
  ])('another %s is found and the entry named', async (what, path, change) => {
    const problems = await withEntry(path, change);
    expect(problems.some((text) => text.includes(`: ${change.path ?? path}: its ${what}`))).toBe(true);
  });

  /** Replaces the raw bytes of the first pack, and all hashes with it. */
  async function withRaw(change: (raw: Buffer) => Buffer, resize = false): Promise<readonly string[]> {
    const { archiveFile, result } = await makeArchive();
    const bytes = readFileSync(archiveFile);
    const [first, ...rest] = result.index.packs;
    if (first === undefined) throw new Error('no pack');
    const raw = change(gunzipSync(bytes.subarray(0, first.bytes)));
    const member = gzipSync(raw);
    const changed = Buffer.concat([member, bytes.subarray(first.bytes)]);
    writeFileSync(archiveFile, changed);
    const moved = rest.map((pack) => ({ ...pack, offset: pack.offset + member.length - first.bytes }));
    const rawBytes = resize ? raw.length : first.rawBytes;
    const packs = [{ offset: 0, bytes: member.length, rawBytes, sha256: sha256(member) }, ...moved];
    const index: CodeIndex = { ...result.index, packs };
    const expected = { bytes: changed.length, sha256: sha256(changed) };
    return (await verifyArchive({ archiveFile, index, expected, signal })).map(({ message }) => message);
  }

  test.each<[string, (raw: Buffer) => Buffer, boolean]>([
    ['content', (raw) => Buffer.from(raw).fill('X', 512, 515), false],
    ['a tar header', (raw) => Buffer.from(raw).fill('7', 104, 105), false],
    ['an entry more', (raw) => Buffer.concat([raw, raw.subarray(0, 1024)]), true],
    ['an entry less', (raw) => raw.subarray(1024), true],
    ['more bytes than the index names', (raw) => Buffer.concat([raw, Buffer.alloc(100_000_000)]), false],
    ['fewer bytes than the index names', (raw) => raw.subarray(0, 1024), false],
  ])('a pack rewritten with another %s is found', async (_, change, resize) => {
    expect(await withRaw((raw) => raw)).toEqual([]);
    expect(await withRaw(change, resize)).not.toEqual([]);
  });
});

test('of copied packs only the hashes are read, of new ones every entry', async () => {
  const root = makeTree(manyFiles(20_000));
  const first = await archiveWritten(root);
  writeFile(root, 'dir7/file7.txt', 'changed');
  const { archiveFile, result } = await archiveWritten(root, asPrevious(first));
  const [fresh] = result.newPacks;
  const wrong = result.index.entries.map((entry) =>
    entry.kind === 'file' ? { ...entry, sha256: '00'.repeat(32) } : entry,
  );
  const index = { ...result.index, entries: wrong };
  const problems = await verifyArchive({ archiveFile, index, expected: result, packs: result.newPacks, signal });
  const inFresh = result.index.entries.filter(({ pack, kind }) => pack === fresh && kind === 'file');
  expect(problems).toHaveLength(inFresh.length);
});

test('cancelling throws the reason', async () => {
  const { archiveFile, result } = await makeArchive();
  const cancelled = AbortSignal.abort(new Error('enough'));
  await expect(
    verifyArchive({ archiveFile, index: result.index, expected: result, signal: cancelled }),
  ).rejects.toThrow('enough');
});

describe('a v1.5 archive, without an index', () => {
  function makeLegacy(): string {
    const root = makeTree({
      'codex-brain/a.ts': 'one',
      'package.json': '{}',
      [`deep/${'n'.repeat(180)}.txt`]: pseudoRandom(50_000, 1),
    });
    symlinkSync('package.json', join(root, 'link'));
    const file = join(temporaryFolder(), 'codex-code.tar.gz');
    execFileSync('tar', ['-czf', file, '-C', root, '.']);
    return file;
  }

  test('is listed and has no problems', async () => {
    const { problems, entries } = await verifyLegacyArchive(makeLegacy());
    expect(problems).toEqual([]);
    const found = entries.map(
      ({ path, kind, bytes, target }) => `${kind} ${path} ${bytes}${target === undefined ? '' : ` ${target}`}`,
    );
    const expected = [
      'folder codex-brain 0',
      'file codex-brain/a.ts 3',
      'folder deep 0',
      `file deep/${'n'.repeat(180)}.txt 50000`,
    ];
    expect(found.sort()).toEqual([...expected, 'file package.json 2', 'link link 0 package.json'].sort());
    expect(entries.find(({ path }) => path === 'package.json')?.modifiedAt).toBe('2024-03-01T10:00:00.000Z');
  });

  test('D64, D75: cut at any length, with bytes after its end, or without an end mark, has problems', async () => {
    const file = makeLegacy();
    const bytes = readFileSync(file);
    const step = Math.ceil(bytes.length / (200 * scale));
    for (let length = 0; length < bytes.length; length += step) {
      writeFileSync(file, bytes.subarray(0, length));
      expect((await verifyLegacyArchive(file)).problems).not.toEqual([]);
    }
    for (const tail of ['garbage', '\0\0\0\0', '\u001f']) {
      writeFileSync(file, Buffer.concat([bytes, Buffer.from(tail)]));
      expect((await verifyLegacyArchive(file)).problems).not.toEqual([]);
    }
    const raw = gunzipSync(bytes);
    writeFileSync(file, gzipSync(raw.subarray(0, raw.lastIndexOf(1) + 512 - ((raw.lastIndexOf(1) + 512) % 512))));
    expect((await verifyLegacyArchive(file)).problems).not.toEqual([]);
  });

  test('D63: a flipped bit in its data is found', async () => {
    const file = makeLegacy();
    const bytes = readFileSync(file);
    const raw = gunzipSync(bytes);
    let found = 0;
    for (let i = 0; found < 190 * scale; i += 1) {
      const damaged = Buffer.from(bytes);
      // The ten bytes before are gzip's own header, whose time and system nothing checks.
      const at = 10 + Math.floor(Math.random() * (bytes.length - 10));
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (i % 8));
      // A few bits, such as those between the last block and the next whole byte, say nothing.
      if (inflated(damaged)?.equals(raw) === true) continue;
      writeFileSync(file, damaged);
      expect((await verifyLegacyArchive(file)).problems, `offset ${at}`).not.toEqual([]);
      found += 1;
    }
  });

  test('D75: an entry that occurs twice is a problem', async () => {
    const root = makeTree({ a: 'a' });
    const file = join(temporaryFolder(), 'twice.tar.gz');
    execFileSync('tar', ['-czf', file, '-C', root, 'a', 'a', '--hard-dereference']);
    expect((await verifyLegacyArchive(file)).problems).toEqual([{ file: 'twice.tar.gz: a', message: 'occurs twice' }]);
  });
});

function inflated(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    // Damaged so that it shows.
    return undefined;
  }
}
