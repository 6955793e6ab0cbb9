import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { closeWorkers } from '../../../src/engine/code/pack-pool.ts';
import { readEntry } from '../../../src/engine/code/read-entry.ts';
import { archiveWritten, makeTree, manyFiles, pseudoRandom, type Written } from './archive-fixture.ts';

afterAll(() => closeWorkers());

async function read(archived: { archiveFile: string; result: Written }, path: string): Promise<Buffer> {
  const { index } = archived.result;
  const entry = index.entries.find((candidate) => candidate.path === path);
  if (entry === undefined) throw new Error(`no entry ${path}`);
  const chunks: Buffer[] = [];
  for await (const chunk of readEntry(archived.archiveFile, index, entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('every file is read back as it is on disk, in pieces of at most a pack', async () => {
  const root = makeTree({ ...manyFiles(), empty: '', 'large.bin': pseudoRandom(5_000_001, 1) });
  const archived = await archiveWritten(root);
  for (const { path, kind } of archived.result.index.entries) {
    if (kind === 'file') expect((await read(archived, path)).equals(readFileSync(join(root, path)))).toBe(true);
  }
});

test('only the packs of the file are read: damage elsewhere does not matter, damage in them is an error', async () => {
  const root = makeTree({ ...manyFiles(20_000), 'large.bin': pseudoRandom(3_000_000, 1) });
  const archived = await archiveWritten(root);
  const { entries, packs } = archived.result.index;
  const own = entries.find(({ path }) => path === 'large.bin')?.pack ?? 0;
  const bytes = readFileSync(archived.archiveFile);
  for (const [number, { offset }] of packs.entries())
    if (number < own || number > own + 2) bytes[offset + 20] = ~(bytes[offset + 20] ?? 0);
  writeFileSync(archived.archiveFile, bytes);
  expect((await read(archived, 'large.bin')).equals(readFileSync(join(root, 'large.bin')))).toBe(true);
  await expect(read(archived, 'dir0/file0.txt')).rejects.toMatchObject({ code: 'snapshot-damaged' });
});

test('an archive that is cut off or missing is an error that names the file', async () => {
  const archived = await archiveWritten(makeTree({ a: 'a', b: pseudoRandom(2_000_000, 1) }));
  writeFileSync(archived.archiveFile, readFileSync(archived.archiveFile).subarray(0, 1_000_000));
  await expect(read(archived, 'b')).rejects.toMatchObject({
    code: 'snapshot-damaged',
    message: expect.stringContaining('b can'),
  });
  await expect(read({ ...archived, archiveFile: '/nowhere' }, 'b')).rejects.toMatchObject({ code: 'snapshot-damaged' });
});

test('an index that names another content is an error', async () => {
  const archived = await archiveWritten(makeTree({ a: 'a' }));
  const { index } = archived.result;
  const entries = index.entries.map((entry) => ({ ...entry, sha256: '00'.repeat(32) }));
  const result = { ...archived.result, index: { ...index, entries } };
  await expect(read({ ...archived, result }, 'a')).rejects.toMatchObject({ code: 'snapshot-damaged' });
});
