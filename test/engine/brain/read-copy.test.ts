import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { newestRows, readTables, searchText } from '../../../src/engine/brain/read-copy.ts';
import { createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { rejection } from './capture-helpers.ts';

function copyWith(sql: string): string {
  const file = join(temporaryFolder(), 'copy.db');
  createBrain(file, { journalMode: 'delete' });
  const db = new Database(file);
  db.exec(sql);
  db.close();
  return file;
}

test('reads the tables with their rows, and leaves nothing beside the copy', async () => {
  const file = copyWith('');
  expect(await readTables(file)).toContainEqual({ name: 'events', rows: 50, maxRowid: 50 });
  expect(readdirSync(join(file, '..'))).toEqual(['copy.db']);
});

test('gives the newest rows first, text cut and blobs named', async () => {
  const file = copyWith(`INSERT INTO doc_chunks (docId, content) VALUES ('d', '${'x'.repeat(900)}'), ('e', x'0102')`);
  const [newest, second] = await newestRows(file, 'doc_chunks', 2);
  expect(newest).toMatchObject({ rowid: 2, createdAt: null, values: { docId: 'e', content: '(2 bytes)' } });
  expect(second?.values['content']).toHaveLength(500);
  expect(await newestRows(file, 'sqlite_schema', 2)).toEqual([]);
  expect(await newestRows(file, 'no such table', 2)).toEqual([]);
});

test('finds text whatever its case, newest first, with what is around it and when it was made', async () => {
  const file = copyWith(`INSERT INTO events (json, createdAt) VALUES
    ('${'a '.repeat(200)}we sail to CRETE tomorrow${' b'.repeat(200)}', '2025-11-22T03:35:57.396Z'),
    ('nothing', NULL), ('crete again', NULL)`);
  const hits = await searchText(file, 'to Crete', 10);
  expect(hits.map(({ table, rowid, column }) => [table, rowid, column])).toEqual([
    ['documents', 1, 'title'],
    ['events', 51, 'json'],
  ]);
  expect(hits[1]?.snippet).toContain('we sail to CRETE tomorrow');
  expect(hits[1]?.snippet.length).toBeLessThanOrEqual(200);
  expect(hits[1]?.createdAt).toBe('2025-11-22T03:35:57.396Z');
  expect(
    (await searchText(file, 'crete', 10)).filter(({ table }) => table === 'events').map(({ rowid }) => rowid),
  ).toEqual([53, 51]);
});

test('takes the text literally: wildcards, quotes and backslashes', async () => {
  const file = copyWith(
    String.raw`INSERT INTO events (json) VALUES ('100% sure'), ('100 sure'), ('it''s a_b\c'), ('its aXb')`,
  );
  const found = async (text: string): Promise<number[]> => (await searchText(file, text, 9)).map(({ rowid }) => rowid);
  expect(await found('100%')).toEqual([51]);
  expect(await found("it's a_b\\c")).toEqual([53]);
  expect(await found('a_b')).toEqual([53]);
  expect(await found('')).toEqual([]);
});

test('stops at the limit, over many rows, and when it is cancelled', async () => {
  const file = copyWith(`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 9000)
    INSERT INTO events (json) SELECT 'needle ' || n FROM s WHERE n % 3 > 0`);
  const hits = await searchText(file, 'needle', 4500);
  expect(hits).toHaveLength(4500);
  expect(new Set(hits.map(({ rowid }) => rowid)).size).toBe(4500);
  expect(await searchText(file, 'needle', 100_000)).toHaveLength(6000);
  await expect(searchText(file, 'needle', 9000, AbortSignal.abort())).rejects.toThrow('aborted');
});

test('does not search the tables behind a full-text index', async () => {
  const file = copyWith("CREATE VIRTUAL TABLE found USING fts5(content); INSERT INTO found VALUES ('unmistakable')");
  expect(await searchText(file, 'unmistakable', 10)).toEqual([]);
});

test('refuses a copy that would get side files by being read', async () => {
  const file = join(temporaryFolder(), 'copy.db');
  createBrain(file, { journalMode: 'wal' });
  expect((await rejection(readTables(file))).code).toBe('brain-unreadable');
  expect(readdirSync(join(file, '..'))).toEqual(['copy.db']);
});
