import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { checkDatabase } from '../../../src/engine/brain/check.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { capture } from './capture-helpers.ts';

const { signal } = new AbortController();

test('the hash of a large copy is that of the file as the check has left it, sound or damaged', async () => {
  const folder = temporaryFolder();
  const db = new Database(join(folder, 'brain.db'));
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE large (value); CREATE TABLE empty (value)');
  const add = db.prepare('INSERT INTO large VALUES (zeroblob(1000000))');
  for (let megabytes = 0; megabytes < 20; megabytes += 1) add.run();
  db.close();
  const expected = await capture(folder);
  const file = join(folder, 'copy.db');
  const hashOfFile = (): string => createHash('sha256').update(readFileSync(file)).digest('hex');
  const before = hashOfFile();
  const sound = await checkDatabase({ file, expected, signal });
  expect(sound).toMatchObject({ integrity: 'ok', sha256: hashOfFile() });
  // The copy had the header of a WAL.
  expect(sound.sha256).not.toBe(before);

  const bytes = readFileSync(file);
  bytes.fill(0xff, 4096 * 2, 4096 * 2 + 64);
  writeFileSync(file, bytes);
  const damaged = await checkDatabase({ file, expected, signal });
  expect(damaged.integrity).not.toBe('ok');
  expect(damaged.sha256).toBe(hashOfFile());
});
