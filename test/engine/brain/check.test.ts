import { type ChildProcess, execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CheckProcess, checkDatabase, startCheckProcess } from '../../../src/engine/brain/check.ts';
import { findOpenHandles } from '../../../src/engine/platform/open-handles.ts';
import { createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { capture, integrityOf, rejection, startTestWriter } from './capture-helpers.ts';

const scale = Number(process.env['SCALE'] ?? 1);
const { signal } = new AbortController();
const entry = fileURLToPath(new URL('../../../src/engine/check-process.ts', import.meta.url));

let checker: CheckProcess;
beforeAll(() => {
  checker = startCheckProcess();
});
afterAll(() => checker.close());

function brainFolder(options: Parameters<typeof createBrain>[1] = {}): string {
  const folder = temporaryFolder();
  createBrain(join(folder, 'brain.db'), options);
  return folder;
}

describe('checkDatabase', () => {
  test.each(['wal', 'delete'] as const)(
    '%s: proves the copy, counts its rows and leaves one file',
    async (journalMode) => {
      const folder = brainFolder({ journalMode });
      await startTestWriter({ file: join(folder, 'brain.db'), journalMode, task: 'insert', ratePerSecond: 200 });
      const captured = await capture(folder);
      const file = join(folder, 'copy.db');
      const check = await checker.checkDatabase({ file, expected: captured, signal });
      expect(check).toMatchObject({ integrity: 'ok', foreignKeyViolations: 0, problems: [], notes: [] });
      expect(check.pageCount).toBe(captured.pageCount);
      expect(check.tables.find(({ name }) => name === 'events')?.rows).toBe(
        captured.tables.find(({ name }) => name === 'events')?.maxRowid,
      );
      expect(check.bytes).toBe(statSync(file).size);
      expect(check.sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
      expect(readFileSync(file).subarray(18, 20)).toEqual(Buffer.from([1, 1]));
      expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
    },
  );

  test('a copy that is not what the source said has problems', async () => {
    const folder = brainFolder();
    const captured = await capture(folder);
    const file = join(folder, 'copy.db');
    const db = new Database(file);
    db.exec("INSERT INTO events (kind) VALUES ('one too many'); DROP TABLE chest");
    db.close();
    const { problems } = await checker.checkDatabase({ file, expected: captured, signal });
    expect(problems).toContain('table events ends at row 51, in the source at row 50');
    expect(problems).toContain('table chest is missing from the copy');
  });

  test('A14: violated foreign keys are counted, and are no damage', async () => {
    const folder = temporaryFolder();
    const db = new Database(join(folder, 'brain.db'));
    db.pragma('foreign_keys = OFF');
    db.exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (parent INTEGER REFERENCES parent (id));
      INSERT INTO child VALUES (1), (2), (3); INSERT INTO parent VALUES (2)`);
    db.close();
    const captured = await capture(folder);
    const check = await checker.checkDatabase({ file: join(folder, 'copy.db'), expected: captured, signal });
    expect(check).toMatchObject({ integrity: 'ok', foreignKeyViolations: 2, problems: [] });
  });

  test('names and tables that are out of the ordinary are copied, counted and compared', async () => {
    const folder = temporaryFolder();
    const db = new Database(join(folder, 'brain.db'));
    db.exec(`CREATE TABLE "a""b'; DROP TABLE x; --" (x); INSERT INTO "a""b'; DROP TABLE x; --" VALUES (1), (2);
      CREATE TABLE keyed (k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO keyed VALUES ('k');
      CREATE TABLE hides (rowid TEXT, _rowid_ TEXT, oid TEXT); INSERT INTO hides VALUES ('a', 'b', 'c');
      CREATE TABLE hidesOne (rowid TEXT); INSERT INTO hidesOne VALUES ('z');
      CREATE VIRTUAL TABLE found USING fts5(content); INSERT INTO found VALUES ('some words');
      CREATE VIEW seen AS SELECT * FROM keyed; CREATE TABLE empty (x)`);
    db.close();
    const captured = await capture(folder);
    const check = await checker.checkDatabase({ file: join(folder, 'copy.db'), expected: captured, signal });
    expect(check).toMatchObject({ integrity: 'ok', problems: [], notes: [] });
    const tables = check.tables.filter(({ name }) => !name.startsWith('found_'));
    expect(tables).toEqual([
      { name: `a"b'; DROP TABLE x; --`, rows: 2, maxRowid: 2 },
      { name: 'empty', rows: 0, maxRowid: null },
      { name: 'hides', rows: 1, maxRowid: null },
      { name: 'hidesOne', rows: 1, maxRowid: 1 },
      { name: 'keyed', rows: 1, maxRowid: null },
    ]);
  });

  test(
    `A13: one flipped bit, ${500 * scale} times: never "ok" when SQLite says corrupt`,
    async () => {
      const folder = brainFolder({ journalMode: 'delete', bytes: 20_000 });
      const sound = readFileSync(join(folder, 'brain.db'));
      const file = join(folder, 'flipped.db');
      let corrupt = 0;
      for (let round = 0; round < 500 * scale; round += 1) {
        const bytes = Buffer.from(sound);
        const offset = Math.floor(Math.random() * (round % 5 === 0 ? 200 : bytes.length));
        bytes[offset] = (bytes[offset] ?? 0) ^ (1 << (round % 8));
        writeFileSync(file, bytes);
        const truth = verdictOf(file);
        const verdict = await ownVerdict(folder, file);
        expect({ offset, bit: round % 8, ok: verdict === 'ok' }).toEqual({
          offset,
          bit: round % 8,
          ok: truth === 'ok',
        });
        if (truth !== 'ok') corrupt += 1;
      }
      expect(corrupt).toBeGreaterThan(20 * scale);
    },
    300_000 * scale,
  );
});

/** What SQLite itself says, on a file that no other code of ours has touched. */
function verdictOf(file: string): unknown {
  try {
    return integrityOf(file);
  } catch (error) {
    return error;
  }
}

async function ownVerdict(folder: string, source: string): Promise<string> {
  const target = join(folder, 'flipped-copy.db');
  rmSync(target, { force: true });
  try {
    const captured = await capture(folder, { source, target });
    const check = await checker.checkDatabase({ file: target, expected: captured, signal });
    return check.problems.length > 0 && check.integrity === 'ok' ? check.problems.join() : check.integrity;
  } catch (error) {
    if (error instanceof Error && error.name === 'AppError') return error.message;
    throw error;
  }
}

describe('checkPublishedDatabase', () => {
  test('says the same as the check of the staged copy, violated CHECK constraints included', async () => {
    const folder = temporaryFolder();
    const db = new Database(join(folder, 'brain.db'));
    db.pragma('ignore_check_constraints = ON');
    db.exec('CREATE TABLE checked (value CHECK (value > 3)); INSERT INTO checked VALUES (1)');
    db.close();
    const expected = await capture(folder);
    const file = join(folder, 'copy.db');
    const staged = await checker.checkDatabase({ file, expected, signal });
    expect(staged.integrity).toBe('CHECK constraint failed in checked');
    const before = statSync(file, { bigint: true });
    expect(await checker.checkPublishedDatabase({ file, scratchFolder: folder, signal })).toEqual(staged);
    expect(statSync(file, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
    if (process.getuid?.() === 0) return;
    chmodSync(file, 0o400);
    expect(await checker.checkPublishedDatabase({ file, scratchFolder: folder, signal })).toEqual(staged);
  });

  test('A19: three checks leave the folder as it is, whatever the journal mode', async () => {
    const folder = brainFolder({ journalMode: 'wal' });
    const captured = await capture(folder, { target: join(folder, 'copy.db') });
    const published = join(folder, 'published');
    const scratchFolder = join(folder, 'scratch');
    mkdirSync(published);
    mkdirSync(scratchFolder);
    copyFileSync(join(folder, 'copy.db'), join(published, 'still-wal.db'));
    await checker.checkDatabase({ file: join(folder, 'copy.db'), expected: captured, signal });
    copyFileSync(join(folder, 'copy.db'), join(published, 'codex-brain.db'));
    const before = readdirSync(published).map((name) => [name, readFileSync(join(published, name)).toString('base64')]);
    for (let round = 0; round < 3; round += 1) {
      for (const name of ['still-wal.db', 'codex-brain.db']) {
        const file = join(published, name);
        const check = await checker.checkPublishedDatabase({
          file,
          scratchFolder,
          expected: captured,
          untrusted: true,
          signal,
        });
        expect(check).toMatchObject({ integrity: 'ok', problems: [] });
        expect(check.sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
      }
    }
    const after = readdirSync(published).map((name) => [name, readFileSync(join(published, name)).toString('base64')]);
    expect(after).toEqual(before);
    expect(readdirSync(scratchFolder)).toEqual([]);
  });

  test(
    `E77: hostile bytes give a verdict or an error, in ${100 * scale} shapes, and the process answers on`,
    async () => {
      const folder = brainFolder({ journalMode: 'delete' });
      const sound = readFileSync(join(folder, 'brain.db'));
      const file = join(folder, 'hostile.db');
      for (let round = 0; round < 100 * scale; round += 1) {
        const bytes = Buffer.from(sound);
        for (let flip = 0; flip < 40; flip += 1)
          bytes[20 + Math.floor(Math.random() * (bytes.length - 20))] = Math.random() * 256;
        writeFileSync(file, bytes);
        const options = { file, scratchFolder: folder, untrusted: true, timeoutMs: 20_000, signal };
        const verdict = await checker.checkPublishedDatabase(options).then(
          ({ integrity }) => integrity,
          (error: unknown) => (error as Error).name,
        );
        expect(verdict).not.toBe('');
        if (verdict === 'ok') expect(integrityOf(file)).toBe('ok');
        else expect(verdict).not.toBe('TypeError');
      }
    },
    120_000 * scale,
  );
});

/** A small database whose check takes minutes: a constraint that is expensive to prove, on every row. */
function slowDatabase(): string {
  const file = join(temporaryFolder(), 'slow.db');
  const db = new Database(file);
  db.pragma('ignore_check_constraints = ON');
  db.exec(`CREATE TABLE slow (id INTEGER PRIMARY KEY, value, CHECK (length(hex(zeroblob(50000000 + id))) > 0));
    WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 2000) INSERT INTO slow SELECT n, n FROM s`);
  db.close();
  return file;
}

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
};

describe('E77: a database that takes for ever to check', () => {
  test('is checked at the lowest priority where that is asked for', { timeout: 300_000 }, async () => {
    const file = slowDatabase();
    const controller = new AbortController();
    const own = startCheckProcess({ isLowPriority: true });
    // Of a busy machine it hardly gets anything.
    const patient = { timeout: 250_000, interval: 20 };
    const scratchFolder = join(file, '..');
    const options = { file, scratchFolder, untrusted: true, timeoutMs: patient.timeout, signal: controller.signal };
    const checking = rejection(own.checkPublishedDatabase(options));
    const child = await vi.waitUntil(async () => (await findOpenHandles([file])).at(0)?.pid, patient);
    expect(getPriority(child)).toBe(constants.priority.PRIORITY_LOW);
    expect(getPriority()).not.toBe(constants.priority.PRIORITY_LOW);
    controller.abort();
    expect((await checking).code).toBe('cancelled');
    own.close();
  });

  test('is given up at the time limit', async () => {
    const file = slowDatabase();
    const own = startCheckProcess();
    const options = { file, scratchFolder: join(file, '..'), untrusted: true, timeoutMs: 1500, signal };
    const error = await rejection(own.checkPublishedDatabase(options));
    own.close();
    expect(error.message).toContain('longer than 1500 ms');
  });

  test('ends with the process that asked, even when that is killed', async () => {
    const file = slowDatabase();
    const module = new URL('../../../src/engine/brain/check.ts', import.meta.url).href;
    const script = `const { checkPublishedDatabase } = await import(${JSON.stringify(module)});
      await checkPublishedDatabase({ file: ${JSON.stringify(file)}, scratchFolder: '/', untrusted: true,
        signal: new AbortController().signal })`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    await expect.poll(() => childrenOf(parent.pid ?? 0).length, { timeout: 20_000 }).toBe(1);
    const [child = 0] = childrenOf(parent.pid ?? 0);
    const opened = async (): Promise<number[]> => (await findOpenHandles([file])).map(({ pid }) => pid);
    await expect.poll(opened, { timeout: 20_000 }).toEqual([child]);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(child), { timeout: 20_000 }).toBe(false);
  });
});

describe('the check process', () => {
  test('a check that is cancelled is killed, and the next one has a new process', async () => {
    const folder = brainFolder();
    const captured = await capture(folder);
    const file = join(folder, 'copy.db');
    const own = startCheckProcess();
    const controller = new AbortController();
    const running = own.checkDatabase({ file: slowDatabase(), expected: captured, signal: controller.signal });
    setImmediate(() => controller.abort());
    expect((await rejection(running)).code).toBe('cancelled');
    expect((await own.checkDatabase({ file, expected: captured, signal })).integrity).toBe('ok');
    own.close();
  });

  test.each([
    ['crashes', "process.on('message', () => process.kill(process.pid, 'SIGSEGV'))", 'SIGSEGV'],
    ['ends with 0', "process.on('message', () => process.exit(0))", 'exit code 0'],
    ['throws', "process.on('message', () => { throw new Error('out of luck') })", 'out of luck'],
    [
      'says half of it',
      "process.on('message', ({ id }) => process.send({ id, kind: 'checked', check: { integrity: 'ok' } }))",
      'something else',
    ],
    ['says nothing', "process.on('message', () => undefined)", 'longer than 300 ms'],
    ['does not start', 'syntax error', 'exit code 1'],
  ])('a process that %s is a failure, never a success', async (_name, script, reason) => {
    const folder = brainFolder();
    const captured = await capture(folder);
    writeFileSync(join(folder, 'child.mjs'), script);
    const own = startCheckProcess({ entry: join(folder, 'child.mjs') });
    const timeoutMs = reason.includes('300') ? 300 : 20_000;
    const error = await rejection(
      own.checkDatabase({ file: join(folder, 'copy.db'), expected: captured, timeoutMs, signal }),
    );
    own.close();
    expect(error.code).toBe('check-failed');
    expect(error.message).toContain(reason);
  });

  test('checks asked for at once are answered one after the other', async () => {
    const folder = brainFolder();
    const files = ['a.db', 'b.db', 'c.db'].map((name) => join(folder, name));
    const captures = await Promise.all(
      files.map(async (file, index) => {
        const source = join(folder, `source-${index}.db`);
        createBrain(source);
        return { file, expected: await capture(folder, { source, target: file }), signal };
      }),
    );
    const checks = await Promise.all(captures.map((options) => checker.checkDatabase(options)));
    expect(checks.map(({ integrity }) => integrity)).toEqual(['ok', 'ok', 'ok']);
  });

  test('it ends when its parent goes, even when the parent is killed', async () => {
    const child: ChildProcess = fork(entry, { execArgv: [] });
    await once(child, 'spawn');
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
    expect(child.exitCode).toBe(0);
  });

  test('an idle one does not keep a command from ending', () => {
    const script = `const { startCheckProcess } = await import(${JSON.stringify(new URL('../../../src/engine/brain/check.ts', import.meta.url).href)});
      startCheckProcess();`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
    expect(status).toBe(0);
  });

  test('checkDatabase alone starts and ends a process of its own', async () => {
    const folder = brainFolder();
    const captured = await capture(folder);
    const check = await checkDatabase({ file: join(folder, 'copy.db'), expected: captured, signal });
    expect(check.integrity).toBe('ok');
    expect(existsSync(join(folder, 'copy.db-journal'))).toBe(false);
  });
});
