import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { brainFile, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';
import { startWriter } from '../../helpers/writer-process.ts';

const withoutServices = { useServices: false } as const;
/** What a restore does not touch. */
const apart = ['backups'];

for (const [what, spoil] of [
  ['missing, with its folder', (brain: string) => rmSync(join(brain, '..'), { recursive: true })],
  ['empty', (brain: string) => truncateSync(brain, 0)],
  ['no database', (brain: string) => writeFileSync(brain, 'not a database at all, but quite long enough to look at')],
  [
    'corrupt',
    (brain: string) =>
      writeFileSync(brain, Buffer.concat([readFileSync(brain).subarray(0, 4096), Buffer.alloc(40_000, 7)])),
  ],
] as const) {
  test(`a Brain that is ${what} is replaced`, async () => {
    const place = createCodexPlace();
    await place.engine.run({ trigger: 'manual' });
    spoil(place.brain);
    const spoilt = existsSync(place.brain) ? readFileSync(place.brain) : undefined;
    const { replaced } = await place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
    expect(place.events()).toBe(50);
    if (spoilt !== undefined) expect(readFileSync(join(replaced ?? '', 'files', brainFile))).toEqual(spoilt);
  });
}

test('F83: a stale journal beside the Brain goes aside with it, so that it can not spoil the restored one', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  const writer = await startWriter({ file: place.brain, journalMode: 'delete', task: 'open-transaction' });
  await writer.kill();
  expect(existsSync(`${place.brain}-journal`)).toBe(true);
  await place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
  expect(existsSync(`${place.brain}-journal`)).toBe(false);
  expect(place.events()).toBe(50);
});

test('a Brain with a WAL comes back with a WAL, its side files aside', async () => {
  const place = createCodexPlace('wal');
  const writer = await startWriter({ file: place.brain, journalMode: 'wal', task: 'idle' });
  await place.engine.run({ trigger: 'manual' });
  await writer.kill();
  expect(existsSync(`${place.brain}-wal`)).toBe(true);
  const { replaced } = await place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
  expect(existsSync(join(replaced ?? '', 'files', `${brainFile}-wal`))).toBe(true);
  expect(readFileSync(place.brain).readUInt8(18)).toBe(2);
  expect(place.events()).toBe(50);
});

test('F82: a Brain that some process has open is not swapped, and the message names the process', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  const before = hashTree(place.root, apart);
  const writer = await startWriter({ file: place.brain, journalMode: 'delete', task: 'idle' });
  const failing = place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
  await expect(failing).rejects.toMatchObject({ code: 'busy', message: expect.stringContaining(String(writer.pid)) });
  expect(hashTree(place.root, apart)).toEqual(before);
  expect(await place.engine.restores()).toEqual([]);
  await writer.kill();
});

test("F96: a Brain whose schema is another than today's is warned of when the code stays", async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  const child = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `
    import Database from ${JSON.stringify(import.meta.resolve('better-sqlite3'))};
    const db = new Database(${JSON.stringify(place.brain)});
    db.exec('PRAGMA user_version = 7; ALTER TABLE events ADD COLUMN mood TEXT');
    db.close();`,
  ]);
  await once(child, 'exit');
  const brain = await place.engine.planRestore('latest', { ...withoutServices, scope: 'brain' });
  expect(brain.warnings.map(({ code }) => code)).toEqual(['schema-differs']);
  const all = await place.engine.planRestore('latest', withoutServices);
  expect(all.warnings).toEqual([]);
});

test('newer rows are kept where the user asks for it and nothing but the rowid is unique; the plan names the others', async () => {
  const place = createCodexPlace('wal');
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  const db = new Database(place.brain);
  db.exec("INSERT INTO documents (docId, title) VALUES ('d2', 'newer')");
  db.exec("UPDATE events SET json = 'changed since' WHERE id = 1");
  db.exec("INSERT INTO events (id, json) VALUES (9007199254740993, 'beyond 2^53')");
  db.close();
  const { plan } = await place.engine.restore('latest', { ...withoutServices, scope: 'brain', keepNewer: true });
  expect(plan.databases[0]?.tables.filter(({ isKept }) => isKept).map(({ name }) => name)).toEqual(['events']);
  expect(plan.warnings).toEqual([
    { code: 'not-kept', message: expect.stringContaining('1 newer rows of documents in') },
  ]);
  const restored = new Database(place.brain, { readonly: true });
  const value = (sql: string) => restored.prepare(sql).pluck().safeIntegers().get();
  expect(value('SELECT count(*) FROM events')).toBe(58n);
  expect(value('SELECT max(id) FROM events')).toBe(9007199254740993n);
  expect(value('SELECT json FROM events WHERE id = 1')).not.toBe('changed since');
  expect(value('SELECT count(*) FROM documents')).toBe(1n);
  expect(restored.pragma('journal_mode', { simple: true })).toBe('wal');
  restored.close();
});

test('newer rows of a Brain that can not be read are not kept, and the restore is rolled back', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  writeFileSync(place.brain, 'not a database at all');
  const before = hashTree(place.root, apart);
  const failing = place.engine.restore('latest', { ...withoutServices, scope: 'brain', keepNewer: true });
  await expect(failing).rejects.toMatchObject({ code: 'restore-refused' });
  expect(hashTree(place.root, apart)).toEqual(before);
});

test('what is planned does not change while a program locks the Brain for a moment', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  await place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
  const plans = async () => [
    await place.engine.planRestore('latest', { ...withoutServices, scope: 'brain' }),
    await place.engine.planUndo(withoutServices),
  ];
  const free = await plans();
  const writer = await startWriter({ file: place.brain, journalMode: 'delete', task: 'hold-exclusive' });
  const locked = await plans();
  await writer.kill();
  const namesOf = (all: typeof free) => all.map(({ databases }) => databases[0]?.tables.map(({ name }) => name));
  expect(free.map(({ databases }) => databases[0]?.tables[0]?.rowsNow)).toEqual([
    expect.any(Number),
    expect.any(Number),
  ]);
  expect(locked.map(({ databases }) => databases[0]?.tables[0]?.rowsNow)).toEqual([null, null]);
  expect(namesOf(locked)).toEqual(namesOf(free));
});
