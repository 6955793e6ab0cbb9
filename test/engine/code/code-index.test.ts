import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type CodeIndex, groupPacks, readIndex, readListing, writeIndex } from '../../../src/engine/code/code-index.ts';
import { closeWorkers } from '../../../src/engine/code/pack-pool.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { archiveWritten, makeTree, manyFiles, pseudoRandom, temporaryFolder } from './archive-fixture.ts';

const scale = Number(process.env['SCALE'] ?? 1);
const hash = 'ab'.repeat(32);

afterAll(() => closeWorkers());

const small: CodeIndex = {
  format: 1,
  startedAtMs: 1_700_000_000_000,
  packs: [
    { offset: 0, bytes: 300, rawBytes: 2048, sha256: hash },
    { offset: 300, bytes: 29, rawBytes: 1024, sha256: hash },
  ],
  entries: [
    {
      path: 'a',
      kind: 'folder',
      size: 0,
      mode: 0o755,
      mtimeNs: -5n,
      ctimeNs: 1n,
      ino: 2n ** 64n - 1n,
      pack: 0,
      headerOffset: 0,
      dataOffset: 512,
      sha256: '',
    },
    {
      path: 'a/__proto__',
      kind: 'file',
      size: 7,
      mode: 0o644,
      mtimeNs: 1n,
      ctimeNs: 2n,
      ino: 3n,
      pack: 0,
      headerOffset: 512,
      dataOffset: 1024,
      sha256: hash,
    },
    {
      path: 'l\nink',
      kind: 'link',
      size: 0,
      mode: 0o777,
      mtimeNs: 1n,
      ctimeNs: 2n,
      ino: 4n,
      pack: 0,
      headerOffset: 1536,
      dataOffset: 2048,
      sha256: '',
      target: 'x y',
    },
  ],
};

function damagedBy(file: string): unknown {
  try {
    return readIndex(file);
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
}

/** The JSON of `small`, to be changed and written. */
function textOf(index: CodeIndex): string {
  const file = join(temporaryFolder(), 'index');
  writeIndex(file, index);
  return gunzipSync(readFileSync(file)).toString();
}

test('an index comes back as it was written', async () => {
  const folder = temporaryFolder();
  writeIndex(join(folder, 'small'), small);
  expect(readIndex(join(folder, 'small'))).toEqual(small);
  const { result } = await archiveWritten(makeTree({ ...manyFiles(), 'large.bin': pseudoRandom(3_000_000, 1) }));
  writeIndex(join(folder, 'real'), result.index);
  expect(readIndex(join(folder, 'real'))).toEqual(result.index);
});

test('a listing shows what the whole index says', () => {
  const file = join(temporaryFolder(), 'index');
  writeIndex(file, small);
  const shown = small.entries.map(({ path, kind, size, mode, mtimeNs, target }) => ({
    path,
    kind,
    size,
    mode,
    mtimeMs: Math.floor(Number(mtimeNs) / 1e6),
    ...(target !== undefined && { target }),
  }));
  expect(readListing(file)).toEqual(shown);
});

test('groups are the packs between two entries that begin one, without the end', async () => {
  const { result } = await archiveWritten(
    makeTree({ 'a.txt': 'a', 'm.bin': pseudoRandom(3_000_000, 1), 'z.txt': 'z' }),
  );
  const groups = groupPacks(result.index).map(({ firstPack, packCount, entries }) => [
    firstPack,
    packCount,
    entries.length,
  ]);
  expect(groups).toEqual([
    [0, 1, 1],
    [1, 3, 1],
    [4, 1, 1],
  ]);
});

test.each<[string, RegExp, string]>([
  ['a newer format', /"format":1/, '"format":2'],
  ['a path that leads out', /"a\/__proto__"/, '"../__proto__"'],
  ['an absolute path', /"a\/__proto__"/, '"/etc/passwd"'],
  ['a path with a NUL', /"a\/__proto__"/, '"a/\\u0000"'],
  ['a path twice', /"a\/__proto__"/, '"a"'],
  ['a path that is a number', /"a\/__proto__"/, '7'],
  ['an unknown kind', /"dfl"/, '"dfx"'],
  ['a negative size', /"sizes":\[0,7/, '"sizes":[0,-7'],
  ['a size that is not whole', /"sizes":\[0,7/, '"sizes":[0,7.5'],
  ['a size beyond its pack', /"sizes":\[0,7/, '"sizes":[0,7000'],
  ['a pack that is not there', /"packs":\[0,0,0/, '"packs":[0,0,9'],
  ['an entry in the end mark', /"packs":\[0,0,0/, '"packs":[0,0,1'],
  ['entries that overlap', /"headerOffsets":\[0,512/, '"headerOffsets":[0,0'],
  ['a time that is no number', /"mtimes":"-5 1 1"/, '"mtimes":"-5 x 1"'],
  ['a huge time', /"mtimes":"-5 1 1"/, `"mtimes":"-5 ${'9'.repeat(500)} 1"`],
  ['a short column', /"modes":\[493,420,511\]/, '"modes":[493,420]'],
  ['an impossible mode', /"modes":\[493/, '"modes":[49300'],
  ['a hash that is none', /"sha256":"abab/, '"sha256":"ABAB'],
  ['a link without a target', /"targets":\["x y"\]/, '"targets":[""]'],
  ['a pack of a terabyte', /"rawBytes":\[2048/, '"rawBytes":[1099511627776'],
  ['no entries at all', /"entries"/, '"__proto__"'],
  ['a list for the whole', /^.*$/s, '[]'],
  ['no JSON', /^.*$/s, '{"format":1'],
])('D67: %s is refused as damage', (_, what, by) => {
  const text = textOf(small);
  expect(text).toMatch(what);
  const file = join(temporaryFolder(), 'index');
  writeFileSync(file, gzipSync(text.replace(what, by)));
  expect(damagedBy(file)).toBe('snapshot-damaged');
});

test('D67: whatever JSON comes, the answer is an index or damage', () => {
  const file = join(temporaryFolder(), 'index');
  const text = textOf(small);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc
          .tuple(fc.nat(text.length), fc.string({ maxLength: 4 }))
          .map(([at, s]) => text.slice(0, at) + s + text.slice(at + s.length)),
      ),
      (json) => {
        writeFileSync(file, gzipSync(json));
        const outcome = damagedBy(file);
        expect(
          outcome === 'snapshot-damaged' || (typeof outcome === 'object' && outcome !== null && 'packs' in outcome),
        ).toBe(true);
      },
    ),
    { numRuns: 1000 * scale },
  );
});

test('D64: a cut index file is damage', () => {
  const folder = temporaryFolder();
  writeIndex(join(folder, 'whole'), small);
  const whole = readFileSync(join(folder, 'whole'));
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(join(folder, 'cut'), whole.subarray(0, length));
    expect(damagedBy(join(folder, 'cut'))).toBe('snapshot-damaged');
  }
});
