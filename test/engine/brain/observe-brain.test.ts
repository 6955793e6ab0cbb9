import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { countRows } from '../../../src/engine/brain/database-facts.ts';
import { observeBrain } from '../../../src/engine/brain/observe-brain.ts';
import { createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const pageBytes = 4096;
const fewPages = 64;
const counters = '/proc/self/io';

test.skipIf(!existsSync(counters))('a look at a Brain of more than 1 GB reads only a few of its pages', () => {
  const brain = createHugeBrain();
  const { size } = statSync(brain);
  expect(size).toBeGreaterThan(1e9);
  const read = bytesRead(() => {
    expect(observeBrain(brain)).toMatchObject({ problem: null, bytes: size, usedBytes: size });
  });
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(fewPages * pageBytes);
  // To count the rows of one table is far more already.
  const db = new Database(brain, { readonly: true });
  expect(bytesRead(() => countRows(db, 'doc_chunks'))).toBeGreaterThan(10 * fewPages * pageBytes);
  db.close();
});

test('a look leaves no lock: a writer gets in at once', () => {
  const brain = join(temporaryFolder(), 'codex-brain.db');
  createBrain(brain, { journalMode: 'delete' });
  expect(observeBrain(brain)).toMatchObject({ problem: null });
  const writer = new Database(brain, { timeout: 0 });
  writer.exec("INSERT INTO events (kind) VALUES ('TurnAppended')");
  writer.close();
});

/** Rows of 20 MB in a sparse file: SQLite takes the rest for pages that hold nothing yet. */
function createHugeBrain(): string {
  const brain = join(temporaryFolder(), 'codex-brain.db');
  createBrain(brain, { journalMode: 'delete', pageSize: pageBytes, bytes: 20_000_000 });
  const pageCount = Math.floor(1.1e9 / pageBytes);
  const pages = Buffer.alloc(4);
  pages.writeUInt32BE(pageCount);
  const fd = openSync(brain, 'r+');
  ftruncateSync(fd, pageCount * pageBytes);
  writeSync(fd, pages, 0, pages.length, 28);
  closeSync(fd);
  return brain;
}

/** What this process reads of files meanwhile. */
function bytesRead(work: () => void): number {
  const read = (): number => Number(/rchar: (\d+)/.exec(readFileSync(counters, 'utf8'))?.[1]);
  const before = read();
  work();
  return read() - before;
}
