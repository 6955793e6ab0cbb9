import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { startCheckProcess } from '../../../src/engine/brain/check.ts';
import { brainTotal, createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { capture, query, sumOfBoth } from './capture-helpers.ts';

const { signal } = new AbortController();

test.each([512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536])('A7: pages of %i bytes', async (pageSize) => {
  const folder = temporaryFolder();
  createBrain(join(folder, 'brain.db'), {
    pageSize,
    bytes: 300_000,
    journalMode: pageSize % 3 === 0 ? 'wal' : 'delete',
  });
  const expected = await capture(folder);
  const checker = startCheckProcess();
  const check = await checker.checkDatabase({ file: join(folder, 'copy.db'), expected, signal });
  checker.close();
  expect(check).toMatchObject({ integrity: 'ok', problems: [], bytes: expected.pageCount * pageSize });
  expect(sumOfBoth(join(folder, 'copy.db'))).toBe(brainTotal);
  const contents = "SELECT group_concat(hex(content), '') FROM doc_chunks";
  expect(query(join(folder, 'copy.db'), contents)).toBe(query(join(folder, 'brain.db'), contents));
});

test.runIf(Number(process.env['SCALE'] ?? 1) >= 10)(
  'A7: a database over the lock page at 1 GiB',
  async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'brain.db');
    createBrain(file, { pageSize: 65_536, journalMode: 'delete' });
    const db = new Database(file);
    db.pragma('synchronous = OFF');
    db.exec(`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 120)
    INSERT INTO doc_chunks (docId, chunkIndex, content) SELECT 'big', n, zeroblob(10000000) FROM s`);
    db.close();
    const expected = await capture(folder, { holdPolicy: { maxHoldMs: 60_000 } });
    const checker = startCheckProcess();
    const check = await checker.checkDatabase({ file: join(folder, 'copy.db'), expected, signal });
    checker.close();
    expect(check).toMatchObject({ integrity: 'ok', problems: [] });
    expect(check.bytes).toBeGreaterThan(2 ** 30);
    expect(query(join(folder, 'copy.db'), 'SELECT sum(length(content)) FROM doc_chunks')).toBe(1_200_000_000);
  },
  300_000,
);
