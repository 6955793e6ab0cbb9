import { linkSync, lstatSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/engine/brain/open-database.ts';
import { isOpenThroughSqlite } from '../../../src/engine/platform/open-file.ts';
import { createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function brainFile(): string {
  const file = join(temporaryFolder(), 'brain.db');
  createBrain(file, { journalMode: 'delete' });
  return file;
}

test('opens read-only and trusts nothing', () => {
  const opened = openDatabase(brainFile(), { busyTimeoutMs: 10 });
  expect(() => opened.db.exec('DELETE FROM events')).toThrow('readonly');
  expect(opened.db.pragma('trusted_schema', { simple: true })).toBe(0);
  expect(opened.db.pragma('cell_size_check', { simple: true })).toBe(1);
  expect(opened.db.pragma('mmap_size', { simple: true })).toBe(0);
  opened.close();
});

test('A15: registers the file for as long as it is open, however often', () => {
  const file = brainFile();
  const stats = lstatSync(file, { bigint: true });
  const first = openDatabase(file, { busyTimeoutMs: 10 });
  const second = openDatabase(file, { busyTimeoutMs: 10 });
  first.close();
  expect(isOpenThroughSqlite(stats)).toBe(true);
  second.close();
  expect(isOpenThroughSqlite(stats)).toBe(false);
});

test('A17: refuses a second name of a file that is open, and allows a link to the first', () => {
  const file = brainFile();
  linkSync(file, `${file}.second`);
  symlinkSync(file, `${file}.link`);
  const opened = openDatabase(file, { busyTimeoutMs: 10 });
  expect(() => openDatabase(`${file}.second`, { busyTimeoutMs: 10 })).toThrow('is the same file as');
  openDatabase(`${file}.link`, { busyTimeoutMs: 10 }).close();
  opened.close();
  openDatabase(`${file}.second`, { busyTimeoutMs: 10 }).close();
});

test('a name that would be trimmed is refused, and nothing is made', () => {
  const file = brainFile();
  renameSync(file, `${file} `);
  expect(() => openDatabase(`${file} `, { busyTimeoutMs: 10 })).toThrow('space at an end');
  expect(readdirSync(join(file, '..'))).toEqual(['brain.db ']);
});

test('what could not be opened is not registered', () => {
  const folder = temporaryFolder();
  const stats = lstatSync(folder, { bigint: true });
  expect(() => openDatabase(folder, { busyTimeoutMs: 10 })).toThrow();
  expect(isOpenThroughSqlite(stats)).toBe(false);
});
