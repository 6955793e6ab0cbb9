import { chmodSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasSqliteHeader, inspectDatabaseFile } from '../../../src/engine/brain/inspect.ts';
import { openDatabase } from '../../../src/engine/brain/open-database.ts';
import { formatSqliteVersion, hasWalResetBug, parseSqliteHeader } from '../../../src/engine/brain/sqlite-header.ts';
import { createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test.each([
  ['wal', 512],
  ['delete', 65_536],
] as const)('tells the journal mode and the page size of a database (%s, %i)', (journalMode, pageSize) => {
  const file = join(temporaryFolder(), 'brain.db');
  createBrain(file, { journalMode, pageSize });
  expect(inspectDatabaseFile(file)).toMatchObject({ kind: 'sqlite', path: file, header: { journalMode, pageSize } });
});

test('follows a link to where the database lies', () => {
  const folder = temporaryFolder();
  createBrain(join(folder, 'brain.db'));
  symlinkSync('brain.db', join(folder, 'link.db'));
  expect(inspectDatabaseFile(join(folder, 'link.db'))).toMatchObject({
    kind: 'sqlite',
    path: join(folder, 'brain.db'),
  });
});

test('A15: does not open a file that is open as a database in this process', () => {
  const file = join(temporaryFolder(), 'brain.db');
  createBrain(file);
  const opened = openDatabase(file, { busyTimeoutMs: 0 });
  expect(inspectDatabaseFile(file).kind).toBe('in-use-here');
  expect(hasSqliteHeader(file, lstatSync(file, { bigint: true }))).toBe(true);
  opened.close();
  expect(inspectDatabaseFile(file).kind).toBe('sqlite');
});

test.runIf(process.getuid?.() !== 0)('a file that may not be read is unreadable, not missing', () => {
  const file = join(temporaryFolder(), 'brain.db');
  createBrain(file);
  chmodSync(file, 0);
  expect(inspectDatabaseFile(file).kind).toBe('unreadable');
});

test('finds databases by their first 16 bytes, whatever their name', () => {
  const folder = temporaryFolder();
  createBrain(join(folder, 'picture.png'));
  writeFileSync(join(folder, 'fake.db'), 'not a database at all');
  writeFileSync(join(folder, 'short'), 'SQLite');
  const found = ['picture.png', 'fake.db', 'short'].filter((name) =>
    hasSqliteHeader(join(folder, name), lstatSync(join(folder, name), { bigint: true })),
  );
  expect(found).toEqual(['picture.png']);
});

test('a header that is cut short is none', () => {
  const file = join(temporaryFolder(), 'brain.db');
  createBrain(file);
  const bytes = readFileSync(file);
  expect(parseSqliteHeader(bytes.subarray(0, 99))).toBeUndefined();
  expect(parseSqliteHeader(bytes.subarray(0, 100))).toBeDefined();
});

test.each([
  [3_006_023, false],
  [3_007_000, true],
  [3_044_005, true],
  [3_044_006, false],
  [3_045_000, true],
  [3_050_006, true],
  [3_050_007, false],
  [3_051_002, true],
  [3_051_003, false],
])('A18: SQLite %i has the WAL-reset bug: %s', (version, expected) => {
  expect(hasWalResetBug(version)).toBe(expected);
});

test('writes a version as people do', () => {
  expect(formatSqliteVersion(3_044_002)).toBe('3.44.2');
});
