import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openStateDatabase } from '../../../src/engine/platform/state-database.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const start = Date.parse('2025-11-22T03:35:57.396Z');
const dayMs = 86_400_000;

function openState(home = join(temporaryFolder(), 'app home')) {
  const time = { now: start };
  const warnings: string[] = [];
  const quiet = () => undefined;
  const logger = { debug: quiet, info: quiet, warn: (text: string) => warnings.push(text), error: quiet };
  const open = () => {
    const state = openStateDatabase({ home, clock: { now: () => time.now }, logger });
    onTestFinished(() => state.close());
    return state;
  };
  return { home, file: join(home, 'state.db'), time, warnings, open, state: open() };
}

const happening = (message: string, root: string | null = '/codex') => ({
  root,
  kind: 'snapshot',
  ok: true,
  snapshot: 'codex-backup-1',
  message,
});

test('what happened is listed newest first, page by page, for its Codex folder and what concerns them all', async () => {
  const { state, time } = openState();
  for (const message of ['one', 'two', 'three']) {
    await state.recordActivity(happening(message));
    time.now += 1000;
  }
  await state.recordActivity(happening('other', '/another'));
  await state.recordActivity({ ...happening('all', null), ok: false, snapshot: null });
  const first = await state.listActivity({ root: '/codex', limit: 2 });
  expect(first.map(({ message }) => message)).toEqual(['all', 'three']);
  expect(first[0]).toMatchObject({ ok: false, snapshot: null, at: '2025-11-22T03:36:00.396Z' });
  const rest = await state.listActivity({ root: '/codex', limit: 10, before: first[1]?.id });
  expect(rest.map(({ message }) => message)).toEqual(['two', 'one']);
});

test('only the newest 10,000 are kept', async () => {
  const { state, file } = openState();
  await state.recordActivity(happening('first'));
  const db = new Database(file);
  db.exec(`INSERT INTO activity (at, root, kind, ok, message)
    WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 12000) SELECT n, '/codex', 'x', 1, n FROM s`);
  db.close();
  await state.recordActivity(happening('last'));
  const all = await state.listActivity({ root: '/codex', limit: 20_000 });
  expect(all).toHaveLength(10_000);
  expect(all[0]?.message).toBe('last');
});

test('the file and its side files are private', async () => {
  const { state, file, home } = openState();
  await state.recordActivity(happening('one'));
  expect(existsSync(`${file}-wal`)).toBe(true);
  for (const name of readdirSync(home)) expect(statSync(join(home, name)).mode & 0o777, name).toBe(0o600);
});

test('two connections record at the same time', async () => {
  const { open } = openState();
  const both = [open(), open()];
  const records = Array.from({ length: 40 }, (_, i) => both[i % 2]?.recordActivity(happening(String(i))));
  await Promise.all(records);
  expect(await both[0]?.listActivity({ root: '/codex', limit: 100 })).toHaveLength(40);
});

test('a newer file is refused and left as it is', async () => {
  const { home, file, state } = openState();
  mkdirSync(home, { recursive: true });
  const db = new Database(file);
  db.pragma('user_version = 2');
  db.close();
  await expect(state.recordActivity(happening('one'))).rejects.toMatchObject({ code: 'state-newer' });
  expect(readdirSync(home)).toEqual(['state.db']);
});

test.for([
  ['that is no database', (file: string) => writeFileSync(file, 'not a database at all '.repeat(500))],
  ['whose pages are torn', tear],
] as const)('a file %s is kept aside and told of, and a new one is made', async ([, damage]) => {
  const { home, file, open, warnings } = openState();
  const before = open();
  for (let i = 0; i < 200; i += 1) await before.recordActivity(happening(`${i} `.repeat(50)));
  before.close();
  damage(file);
  const state = open();
  await state.recordActivity(happening('after'));
  const listed = await state.listActivity({ root: '/codex', limit: 1000 });
  expect(listed.map(({ message }) => message)).toEqual(['after']);
  expect(warnings).toHaveLength(1);
  expect(readdirSync(home).filter((name) => /^state\.db\.damaged-2025-11-22T03-35-57-396Z$/.test(name))).toHaveLength(
    1,
  );
});

/** Leaves the first page, and nothing that can be believed after it. */
function tear(file: string): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xff, 4096));
}

test('an app home that can not be made is an error, and no crash', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const { state } = openState(join(folder, 'file', 'home'));
  await expect(state.recordActivity(happening('one'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('samples thin with age: each minute for a day, then each 10 minutes, each hour, each day', async () => {
  const { state, time, file } = openState();
  await state.addSample('/codex', { bytes: 1, usedBytes: 1, rows: 1 });
  const db = new Database(file);
  db.exec('DELETE FROM samples');
  const insert = db.prepare('INSERT INTO samples (at, root, bytes, usedBytes, rows) VALUES (?, ?, 1, 1, 1)');
  const spans = [
    { fromDays: 0, days: 1, each: 60_000 },
    { fromDays: 2, days: 1, each: 60_000 },
    { fromDays: 20, days: 1, each: 60_000 },
    { fromDays: 100, days: 3, each: 600_000 },
  ];
  db.transaction(() => {
    for (const { fromDays, days, each } of spans) {
      for (let age = 1; age <= (days * dayMs) / each; age += 1) {
        insert.run(start - fromDays * dayMs - age * each, '/codex');
      }
    }
  })();
  db.close();
  await state.thinSamples();
  const count = async (fromDays: number, days: number) => {
    const range = { fromMs: start - (fromDays + days) * dayMs, toMs: start - fromDays * dayMs };
    return (await state.listSamples('/codex', range)).length;
  };
  expect(await count(0, 1)).toBe(1440);
  const counts = [await count(2, 1), await count(20, 1), await count(100, 3)];
  expect(counts[0]).toBeGreaterThanOrEqual(144);
  expect(counts[0]).toBeLessThanOrEqual(145);
  expect(counts[1]).toBeGreaterThanOrEqual(24);
  expect(counts[1]).toBeLessThanOrEqual(25);
  expect(counts[2]).toBeLessThanOrEqual(4);
  await state.thinSamples();
  expect([await count(2, 1), await count(20, 1), await count(100, 3)]).toEqual(counts);
  expect(await state.listSamples('/another', { fromMs: 0, toMs: time.now })).toEqual([]);
});
