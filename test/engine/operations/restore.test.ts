import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { brainFile, type CodexPlace, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';
import { startWriter } from '../../helpers/writer-process.ts';

const withoutServices = { useServices: false } as const;
/** What a restore does not touch. */
const apart = ['backups'];

/** Changes the code in every way that there is. */
function changeCode({ root, write }: CodexPlace): void {
  write('codex-brain/src/brain.js', 'export const brain = ;\n');
  write('codex-brain/src/new.js', 'made since\n');
  write('codex-brain/lib/deep/also-new.js', 'made since\n');
  unlinkSync(join(root, 'codex-brain/src/old.js'));
  rmSync(join(root, 'codex-voice'), { recursive: true });
}

test('everything comes back as it was, and what no snapshot covers stays byte for byte', async () => {
  const place = createCodexPlace();
  const before = hashTree(place.root, [...apart, 'codex-brain/codex-brain-data']);
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  changeCode(place);
  const report = await place.engine.restore('latest', withoutServices);
  expect(hashTree(place.root, [...apart, 'codex-brain/codex-brain-data'])).toEqual(before);
  expect(place.events()).toBe(50);
  expect(report.safety).toMatch(/^codex-backup-/);
  expect((await place.engine.show(report.safety ?? '')).trigger).toBe('pre-restore');
});

test('a plan names what will be added, changed, removed and lost, and changes nothing', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  changeCode(place);
  const before = hashTree(place.root, ['backups/.locks']);
  const plan = await place.engine.planRestore('latest', withoutServices);
  expect(hashTree(place.root, ['backups/.locks'])).toEqual(before);
  expect(plan.code?.changes.map(({ path, change }) => `${change} ${path}`)).toEqual([
    'removed codex-brain/lib/deep/also-new.js',
    'changed codex-brain/src/brain.js',
    'removed codex-brain/src/new.js',
    'added codex-brain/src/old.js',
    'added codex-voice/src/current.js',
    'added codex-voice/src/run.sh',
    'added codex-voice/src/voice.js',
  ]);
  const events = plan.databases[0]?.tables.find(({ name }) => name === 'events');
  expect(events).toEqual({
    name: 'events',
    rowsNow: 57,
    rowsThen: 50,
    rowsLost: 7,
    lostFrom: '2025-11-23T00:00:00.000Z',
    lostTo: '2025-11-23T00:00:06.000Z',
    isKept: false,
  });
});

test('undo brings back exactly what a restore replaced, and can itself be undone', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  changeCode(place);
  const newer = hashTree(place.root, apart);
  await place.engine.restore('latest', withoutServices);
  const restored = hashTree(place.root, apart);
  await place.engine.undo(withoutServices);
  expect(hashTree(place.root, apart)).toEqual(newer);
  await place.engine.undo(withoutServices);
  expect(hashTree(place.root, apart)).toEqual(restored);
  expect((await place.engine.restores()).map(({ what, state }) => `${what} ${state}`)).toEqual([
    'undo restored',
    'undo undone',
    'restore undone',
  ]);
});

test('rows and files made after a restore are kept by its undo, not lost', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  changeCode(place);
  await place.engine.restore('latest', withoutServices);
  place.remember(3);
  place.write('codex-voice/src/made-after.js', 'precious\n');
  const plan = await place.engine.planUndo(withoutServices);
  expect(plan.databases[0]?.tables.find(({ name }) => name === 'events')?.rowsLost).toBe(3);
  expect(plan.code?.changes).toContainEqual(
    expect.objectContaining({ path: 'codex-voice/src/made-after.js', change: 'removed' }),
  );
  const { replaced } = await place.engine.undo(withoutServices);
  const kept = readdirSync(replaced ?? '', { recursive: true }).map(String);
  expect(kept.some((path) => path.endsWith('codex-voice/src/made-after.js'))).toBe(true);
  expect(kept.some((path) => path.endsWith(brainFile))).toBe(true);
});

test('only the Brain comes back when only the Brain is asked for', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(2);
  changeCode(place);
  const code = hashTree(place.root, [...apart, 'codex-brain/codex-brain-data']);
  await place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
  expect(hashTree(place.root, [...apart, 'codex-brain/codex-brain-data'])).toEqual(code);
  expect(place.events()).toBe(50);
});

test('a code restore leaves the Brain, its side files, .env and node_modules as they are', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(2);
  changeCode(place);
  place.write('codex-brain/.env', 'TOKEN=newer\n');
  const own = ['codex-brain/.env', 'codex-brain/node_modules', 'codex-brain/codex-brain-data', 'notes'];
  const before = own.map((path) =>
    hashTree(join(place.root, path.includes('.env') ? 'codex-brain' : path), ['src', 'lib']),
  );
  await place.engine.restore('latest', { ...withoutServices, scope: 'code' });
  const after = own.map((path) =>
    hashTree(join(place.root, path.includes('.env') ? 'codex-brain' : path), ['src', 'lib']),
  );
  expect(after).toEqual(before);
  expect(place.events()).toBe(52);
});

test('single files and folders come back, and nothing else', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  changeCode(place);
  const paths = ['codex-brain/src/old.js', './codex-voice/'];
  await place.engine.restore('latest', { ...withoutServices, scope: 'code', paths });
  expect(existsSync(join(place.root, 'codex-brain/src/old.js'))).toBe(true);
  expect(existsSync(join(place.root, 'codex-voice/src/current.js'))).toBe(true);
  expect(existsSync(join(place.root, 'codex-brain/src/new.js'))).toBe(true);
  expect(readFileSync(join(place.root, 'codex-brain/src/brain.js'), 'utf8')).toContain('= ;');
  const unknown = place.engine.restore('latest', { ...withoutServices, paths: ['codex-brain/nowhere.js'] });
  await expect(unknown).rejects.toMatchObject({ code: 'entry-missing' });
});

test('files that are not in the snapshot stay where the user asks for it', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  changeCode(place);
  const { plan } = await place.engine.restore('latest', { ...withoutServices, keepExtra: true });
  expect(plan.code?.kept).toContain('codex-brain/src/new.js');
  expect(existsSync(join(place.root, 'codex-brain/src/new.js'))).toBe(true);
  expect(existsSync(join(place.root, 'codex-brain/src/old.js'))).toBe(true);
});

test('a file that the rules of the snapshot did not cover is not moved, whatever the rules are today', async () => {
  const place = createCodexPlace();
  place.write('codex-brain/.gitignore', 'generated/\n');
  place.write('codex-brain/generated/model.bin', 'costly\n');
  await place.engine.run({ trigger: 'manual' });
  place.write('codex-brain/.gitignore', '');
  place.write('codex-brain/src/new.js', 'made since\n');
  const { plan } = await place.engine.restore('latest', withoutServices);
  expect(readFileSync(join(place.root, 'codex-brain/generated/model.bin'), 'utf8')).toBe('costly\n');
  expect(plan.code?.changes.map(({ path }) => path)).toEqual(['codex-brain/.gitignore', 'codex-brain/src/new.js']);
});

test('a folder in the place of a file is moved aside whole, and the plan says so where it holds uncovered files', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  unlinkSync(join(place.root, 'codex-brain/src/old.js'));
  place.write('codex-brain/src/old.js/.env', 'SECRET=1\n');
  rmSync(join(place.root, 'codex-voice'), { recursive: true });
  symlinkSync('notes', join(place.root, 'codex-voice'));
  const { plan, replaced } = await place.engine.restore('latest', withoutServices);
  expect(plan.code?.asideWithUncovered).toEqual(['codex-brain/src/old.js']);
  expect(plan.warnings.map(({ code }) => code)).toContain('uncovered-aside');
  expect(readFileSync(join(replaced ?? '', 'files/codex-brain/src/old.js/.env'), 'utf8')).toBe('SECRET=1\n');
  expect(readFileSync(join(place.root, 'codex-brain/src/old.js'), 'utf8')).toBe('removed one day\n');
  expect(readFileSync(join(place.root, 'codex-voice/src/voice.js'), 'utf8')).toContain('voice');
  expect(readFileSync(join(place.root, 'notes/uncovered.txt'), 'utf8')).toContain('no snapshot');
});

test('modes come back without replacing the file', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  chmodSync(join(place.root, 'codex-voice/src/run.sh'), 0o600);
  const { plan } = await place.engine.restore('latest', withoutServices);
  expect(plan.code?.moves).toEqual([{ kind: 'mode', path: 'codex-voice/src/run.sh', mode: 0o755 }]);
  expect(hashTree(join(place.root, 'codex-voice'))['src/run.sh']).toMatch(/^file 755/);
});

test('where code is as it was and no database is asked for, nothing is done', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  const report = await place.engine.restore('latest', { ...withoutServices, scope: 'code' });
  expect(report.id).toBeNull();
  expect(report.plan.steps).toEqual([]);
  expect(await place.engine.restores()).toEqual([]);
});

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

test('a snapshot whose archive is damaged is found out before anything is touched', async () => {
  const place = createCodexPlace();
  const { path } = await place.engine.run({ trigger: 'manual' });
  changeCode(place);
  place.remember(1);
  const before = hashTree(place.root, apart);
  const archive = join(path, 'codex-code.tar.gz');
  const bytes = readFileSync(archive);
  bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
  chmodSync(archive, 0o600);
  writeFileSync(archive, bytes);
  await expect(place.engine.restore('latest', withoutServices)).rejects.toMatchObject({ code: 'snapshot-damaged' });
  expect(hashTree(place.root, apart)).toEqual(before);
});

test('a Brain in the snapshot that does not match its hash is found out before anything is touched', async () => {
  const place = createCodexPlace();
  const { path } = await place.engine.run({ trigger: 'manual' });
  const before = hashTree(place.root, apart);
  const copy = join(path, 'codex-brain.db');
  chmodSync(copy, 0o600);
  const bytes = readFileSync(copy);
  bytes[bytes.length - 10] = 1;
  writeFileSync(copy, bytes);
  const failing = place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
  await expect(failing).rejects.toMatchObject({ code: 'snapshot-damaged' });
  expect(hashTree(place.root, apart)).toEqual(before);
});

test('F92: cancelling before anything was moved leaves everything as it was', async () => {
  for (const phase of ['stage', 'safety', 'swap'] as const) {
    const place = createCodexPlace();
    await place.engine.run({ trigger: 'manual' });
    place.remember(3);
    changeCode(place);
    const before = hashTree(place.root, apart);
    const controller = new AbortController();
    const failing = place.engine.restore('latest', {
      ...withoutServices,
      signal: controller.signal,
      onProgress: (event) => {
        if (event.phase === phase) controller.abort(new Error('the user pressed Ctrl-C'));
      },
    });
    await expect(failing, phase).rejects.toMatchObject({ code: 'cancelled' });
    expect(hashTree(place.root, apart), phase).toEqual(before);
  }
});

test("a restore and a snapshot keep out of each other's way", async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(1);
  await place.engine.restore('latest', {
    ...withoutServices,
    approve: async () => {
      await expect(place.engine.run({ trigger: 'growth' })).rejects.toMatchObject({ code: 'busy' });
    },
  });
});

test('a restore of which the user has discarded the kept files is not undone', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(1);
  const { id } = await place.engine.restore('latest', withoutServices);
  await place.engine.discardRestore(id ?? '');
  expect(await place.engine.restores()).toEqual([]);
  await expect(place.engine.undo(withoutServices)).rejects.toMatchObject({ code: 'restore-missing' });
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

test('right after a restore, and after its undo, exposure is zero: it is measured from what came back', async () => {
  const place = createCodexPlace();
  const { id } = await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  const { safety } = await place.engine.restore(id, { ...withoutServices, scope: 'brain' });
  const zero = { milliseconds: 0, bytes: 0, rows: [] };
  expect(await place.engine.status()).toMatchObject({ baseline: id, exposure: zero });
  place.remember(3);
  expect((await place.engine.status()).exposure?.rows).toEqual([{ table: 'events', rows: 3 }]);
  await place.engine.undo(withoutServices);
  expect(await place.engine.status()).toMatchObject({ baseline: safety, exposure: zero });
  const newer = await place.engine.run({ trigger: 'manual' });
  expect((await place.engine.status()).baseline).toBe(newer.id);
});
