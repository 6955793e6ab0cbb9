import { describe, expect, test } from 'vitest';
import type { CodeEntry } from '../../../src/engine/code/code-entry.ts';
import { digestSources, hasRacyEntry } from '../../../src/engine/code/source-digest.ts';

const file: CodeEntry = {
  path: 'a/b.ts',
  kind: 'file',
  size: 12,
  mode: 0o644,
  mtimeNs: 1_700_000_000_000_000_001n,
  ctimeNs: 1_700_000_000_000_000_002n,
  ino: 2n ** 63n + 5n,
  dev: 1n,
};
const link: CodeEntry = { ...file, path: 'link', kind: 'link', size: 0, target: 'a/b.ts' };

describe('the digest of sources', () => {
  test('is the same for the same entries', () => {
    expect(digestSources([file, link])).toBe(digestSources([{ ...file }, { ...link }]));
  });

  test.each<[string, Partial<CodeEntry>]>([
    ['path', { path: 'a/c.ts' }],
    ['kind', { kind: 'folder' }],
    ['size', { size: 13 }],
    ['mode', { mode: 0o755 }],
    ['mtime by a nanosecond', { mtimeNs: file.mtimeNs + 1n }],
    ['ctime by a nanosecond', { ctimeNs: file.ctimeNs + 1n }],
    ['inode', { ino: 5n }],
  ])('moves with the %s of an entry', (_, change) => {
    expect(digestSources([{ ...file, ...change }, link])).not.toBe(digestSources([file, link]));
  });

  test('moves with the target of a link, and with an entry more or less or elsewhere', () => {
    const lists = [[file, link], [file, { ...link, target: 'a/c.ts' }], [file], [link, file], [file, link, file], []];
    expect(new Set(lists.map(digestSources)).size).toBe(lists.length);
  });
});

test('a file that was modified or moved less than 2 s before the archive was begun proves nothing by its stat', () => {
  const startedAtMs = Number(file.ctimeNs / 1_000_000n) + 2001;
  expect(hasRacyEntry([file], startedAtMs)).toBe(false);
  expect(hasRacyEntry([file, { ...file, mtimeNs: file.mtimeNs + 2_000_000n }], startedAtMs)).toBe(true);
  expect(hasRacyEntry([file, { ...file, ctimeNs: file.ctimeNs + 2_000_000n }], startedAtMs)).toBe(true);
});
