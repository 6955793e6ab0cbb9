import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unreadableFile } from '../../../src/engine/brain/database-errors.ts';
import { createBrain } from '../../helpers/brain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { capture, integrityOf, query, rejection, startTestWriter } from './capture-helpers.ts';

const setpriv = '/usr/bin/setpriv';
const canChangeUser = (): boolean => process.getuid?.() === 0 && existsSync(setpriv);

function brainFolder(options: Parameters<typeof createBrain>[1] = {}): string {
  const folder = temporaryFolder();
  createBrain(join(folder, 'brain.db'), options);
  return folder;
}

describe.each(['wal', 'delete'] as const)('captureDatabase, %s', (journalMode) => {
  test('copies a database and tells what it holds', async () => {
    const folder = brainFolder({ journalMode });
    const captured = await capture(folder);
    expect(captured).toMatchObject({ journalMode, pageSize: 4096, restarts: 0, userVersion: 0 });
    expect(captured.tables).toContainEqual({ name: 'events', maxRowid: 50 });
    expect(statSync(join(folder, 'copy.db')).size).toBe(captured.pageCount * captured.pageSize);
    expect(integrityOf(join(folder, 'copy.db'))).toBe('ok');
  });

  test('makes the copy 0600 whatever the umask', async () => {
    const folder = brainFolder({ journalMode });
    const before = process.umask(0);
    await capture(folder).finally(() => process.umask(before));
    expect(statSync(join(folder, 'copy.db')).mode & 0o777).toBe(0o600);
  });

  test('leaves the bytes of the source as they are', async () => {
    const folder = brainFolder({ journalMode });
    const before = readFileSync(join(folder, 'brain.db'));
    await capture(folder);
    expect(readFileSync(join(folder, 'brain.db')).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith('brain'))).toEqual(['brain.db']);
  });

  test('A3: a lock that is never released is an error, and leaves no copy', async () => {
    const folder = brainFolder({ journalMode });
    await startTestWriter({ file: join(folder, 'brain.db'), journalMode, task: 'hold-exclusive' });
    if (journalMode === 'wal') return expect(await capture(folder)).toMatchObject({ restarts: 0 });
    const error = await rejection(capture(folder, { lockWaitMs: 300 }));
    expect(error.code).toBe('brain-locked');
    expect(error.message).toContain(join(folder, 'brain.db'));
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([]);
  });

  test('A4: an application with locking_mode=EXCLUSIVE is named as what it is', async () => {
    const folder = brainFolder({ journalMode });
    await startTestWriter({ file: join(folder, 'brain.db'), journalMode, task: 'exclusive-mode' });
    const error = await rejection(capture(folder, { lockWaitMs: 300 }));
    expect(error).toMatchObject({ code: 'brain-locked' });
    expect(error.message).toContain('exclusively locked');
    expect(existsSync(join(folder, 'copy.db'))).toBe(false);
  });

  test('stops when it is cancelled, and leaves no copy', async () => {
    const folder = brainFolder({ journalMode, bytes: 20_000_000 });
    const controller = new AbortController();
    let steps = 0;
    const onProgress = (): void => {
      steps += 1;
      if (steps === 2) controller.abort();
    };
    const error = await rejection(capture(folder, { signal: controller.signal, onProgress }));
    expect(error.code).toBe('cancelled');
    expect(steps).toBe(2);
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([]);
  });

  test('A11: a source that is replaced during the copy is never backed up in silence', async () => {
    const folder = brainFolder({ journalMode, bytes: 4_000_000 });
    let swaps = 0;
    const onProgress = (): void => {
      createBrain(join(folder, 'other.db'), { journalMode });
      renameSync(join(folder, 'other.db'), join(folder, 'brain.db'));
      swaps += 1;
    };
    const error = await rejection(capture(folder, { onProgress }));
    expect(swaps).toBeGreaterThan(0);
    expect(error.code).toBe('brain-replaced');
    expect(existsSync(join(folder, 'copy.db'))).toBe(false);
  });

  test('A11: so is one that is deleted', async () => {
    const folder = brainFolder({ journalMode, bytes: 4_000_000 });
    const onProgress = (): void => {
      if (existsSync(join(folder, 'brain.db'))) renameSync(join(folder, 'brain.db'), join(folder, 'gone'));
    };
    expect((await rejection(capture(folder, { onProgress }))).code).toBe('brain-replaced');
  });
});

describe('captureDatabase and what lies at the path', () => {
  const fixtures: [string, (file: string) => void, string, string][] = [
    ['missing', () => undefined, 'brain-missing', 'There is no database'],
    ['empty', (file) => writeFileSync(file, ''), 'brain-empty', 'is empty'],
    ['text', (file) => writeFileSync(file, 'hello '.repeat(512)), 'brain-not-sqlite', 'is not a SQLite database'],
    ['short', (file) => writeFileSync(file, 'SQLite format 3\0'), 'brain-not-sqlite', 'is not a SQLite database'],
    ['encrypted', (file) => writeFileSync(file, randomBytes(8192)), 'brain-encrypted', 'looks encrypted'],
    ['a folder', (file) => mkdirSync(file), 'brain-not-sqlite', 'not a regular file'],
    ['a dangling link', (file) => symlinkSync('/nowhere/brain.db', file), 'brain-missing', 'There is no database'],
  ];
  test.each(fixtures)('A12: %s has a message of its own', async (_name, make, code, text) => {
    const folder = temporaryFolder();
    make(join(folder, 'brain.db'));
    const error = await rejection(capture(folder));
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
    expect(error.message).toContain('brain.db');
    expect(error.hint).not.toBe('');
    expect(existsSync(join(folder, 'copy.db'))).toBe(false);
  });

  test('refuses a target that exists, and leaves it alone', async () => {
    const folder = brainFolder();
    writeFileSync(join(folder, 'copy.db'), 'precious');
    await expect(capture(folder)).rejects.toThrow('EEXIST');
    expect(readFileSync(join(folder, 'copy.db'), 'utf8')).toBe('precious');
  });

  test.each(['a?b.db', 'a#b.db', 'a%20b.db', 'a\nb.db', 'e\u0301.db', 'file:x.db', ' leading.db', 'a\'b".db'])(
    'A17: the odd name %j is the file that is copied',
    async (name) => {
      const folder = brainFolder();
      renameSync(join(folder, 'brain.db'), join(folder, name));
      const captured = await capture(folder, { source: join(folder, name) });
      expect(captured.ino).toBe(statSync(join(folder, name), { bigint: true }).ino);
      expect(query(join(folder, 'copy.db'), 'SELECT count(*) FROM events')).toBe(50);
    },
  );

  test.each(['trailing.db ', 'trailing.db\n', 'trailing.db\u00a0'])('A17: %j is refused, not trimmed', async (name) => {
    const folder = brainFolder();
    copyFileSync(join(folder, 'brain.db'), join(folder, name));
    copyFileSync(join(folder, 'brain.db'), join(folder, name.trim()));
    const error = await rejection(capture(folder, { source: join(folder, name) }));
    expect(error.message).toContain('space at an end of its name');
    expect(existsSync(join(folder, 'copy.db'))).toBe(false);
  });

  test('A17: a link is followed to the database, a hard link gives a warning', async () => {
    const folder = brainFolder();
    symlinkSync('brain.db', join(folder, 'link.db'));
    linkSync(join(folder, 'brain.db'), join(folder, 'second.db'));
    const captured = await capture(folder, { source: join(folder, 'link.db') });
    expect(captured.warnings.map(({ code }) => code)).toEqual(['database-hard-link']);
    expect(captured.tables).toHaveLength(5);
  });

  test('A16: the warning comes with the copy', async () => {
    const captured = await capture(brainFolder(), { fileSystemType: () => 0x6969 });
    const expected = process.platform === 'linux' ? ['network-filesystem'] : [];
    expect(captured.warnings.map(({ code }) => code)).toEqual(expected);
  });

  test('A18: the version that wrote last is told, and whether it may corrupt a WAL', async () => {
    const folder = brainFolder({ journalMode: 'wal' });
    const bytes = readFileSync(join(folder, 'brain.db'));
    bytes.writeUInt32BE(3_044_002, 96);
    writeFileSync(join(folder, 'brain.db'), bytes);
    expect(await capture(folder)).toMatchObject({ writerVersion: '3.44.2', walResetRisk: true });
  });

  test('G119: a refusal by macOS names the setting', () => {
    const cause = Object.assign(new Error('denied'), { code: 'EPERM' });
    const error = unreadableFile('/Users/a/Documents/brain.db', cause, 'darwin');
    expect(error).toMatchObject({ code: 'brain-unreadable' });
    expect(error.hint).toContain('Privacy & Security');
    expect(unreadableFile('/home/a/brain.db', cause, 'linux').hint).toContain('permission');
  });
});

describe('captureDatabase and crashed programs', () => {
  test('A9: a hot journal is rolled back on a private copy; the source keeps every byte', async () => {
    const folder = brainFolder({ journalMode: 'delete', bytes: 500_000 });
    const file = join(folder, 'brain.db');
    const writer = await startTestWriter({ file, journalMode: 'delete', task: 'half-commit' });
    await writer.kill();
    expect(statSync(`${file}-journal`).size).toBeGreaterThan(512);
    const before = [readFileSync(file), readFileSync(`${file}-journal`)];
    const captured = await capture(folder);
    expect(captured.recovered).toBe(true);
    expect(captured.warnings.map(({ code }) => code)).toContain('database-recovered');
    expect([readFileSync(file), readFileSync(`${file}-journal`)]).toEqual(before);
    expect(query(join(folder, 'copy.db'), 'SELECT count(*) FROM events')).toBe(51);
    expect(query(join(folder, 'copy.db'), 'SELECT count(*) FROM purse')).toBe(1000);
    expect(integrityOf(join(folder, 'copy.db'))).toBe('ok');
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
  });

  test('A9: while a process holds a file with a hot journal, it says who, and copies nothing', async () => {
    const folder = brainFolder({ journalMode: 'delete', bytes: 500_000 });
    const file = join(folder, 'brain.db');
    const reader = await startTestWriter({ file, journalMode: 'delete', task: 'idle' });
    const writer = await startTestWriter({ file, journalMode: 'delete', task: 'half-commit' });
    await writer.kill();
    const error = await rejection(capture(folder));
    expect(error.code).toBe('brain-locked');
    expect(error.details['pids']).toEqual([reader.pid]);
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([]);
  });

  test.each([true, false])(
    'A10: what a killed writer committed to its WAL is in the copy (with -shm: %s)',
    async (keepShm) => {
      const folder = brainFolder({ journalMode: 'wal' });
      const file = join(folder, 'brain.db');
      const writer = await startTestWriter({ file, journalMode: 'wal', task: 'half-commit' });
      await writer.kill();
      expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
      if (!keepShm) renameSync(`${file}-shm`, join(folder, 'gone'));
      const captured = await capture(folder);
      expect(captured.recovered).toBe(!keepShm);
      expect(query(join(folder, 'copy.db'), "SELECT count(*) FROM events WHERE json = 'before the crash'")).toBe(1);
      expect(query(join(folder, 'copy.db'), "SELECT count(*) FROM events WHERE json LIKE '%never committed'")).toBe(0);
      expect(integrityOf(join(folder, 'copy.db'))).toBe('ok');
    },
  );

  test('A8: where the system can not tell who has a file open, SQLite and its locks decide', async () => {
    const folder = brainFolder({ journalMode: 'wal' });
    const findHandles = async () => {
      throw Object.assign(new Error('no lsof'), { code: 'ENOENT' });
    };
    expect(await capture(folder, { findHandles })).toMatchObject({ recovered: false, journalMode: 'wal' });
    expect(integrityOf(join(folder, 'copy.db'))).toBe('ok');
  });

  test('A8: a WAL database without side files is read from a private copy, and gets none', async () => {
    const folder = brainFolder({ journalMode: 'wal' });
    expect(existsSync(join(folder, 'brain.db-wal'))).toBe(false);
    expect(await capture(folder)).toMatchObject({ recovered: true, journalMode: 'wal' });
    expect(readdirSync(folder).toSorted()).toEqual(['brain.db', 'copy.db']);
  });

  test.runIf(canChangeUser())('A8: the same in a folder that we may not write, by a user who is not root', async () => {
    const folder = brainFolder({ journalMode: 'wal' });
    const backups = mkdtempSync(join(tmpdir(), 'codex-backup-test-'));
    onTestFinished(() => rmSync(backups, { recursive: true, force: true }));
    chownSync(backups, 65534, 65534);
    chmodSync(folder, 0o555);
    const name = new URL('../../../src/engine/brain/capture.ts', import.meta.url).href;
    const script = `const { captureDatabase } = await import(${JSON.stringify(name)});
      const captured = await captureDatabase({ source: ${JSON.stringify(join(folder, 'brain.db'))}, target: ${JSON.stringify(join(backups, 'copy.db'))},
        automatic: true, deadlineMs: 10000, maxWalBytes: 1e9, signal: new AbortController().signal });
      console.log(process.getuid(), captured.recovered, captured.tables.length);`;
    const asNobody = [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ];
    expect(execFileSync(setpriv, asNobody, { encoding: 'utf8' }).trim()).toBe('65534 true 5');
    expect(readdirSync(folder)).toEqual(['brain.db']);
  });

  test('A13: a damaged schema is copied as it is, with a warning', async () => {
    const folder = brainFolder({ journalMode: 'delete' });
    const db = new Database(join(folder, 'brain.db'));
    db.unsafeMode(true).pragma('writable_schema = ON');
    db.exec("UPDATE sqlite_schema SET sql = 'CREATE TABLE nonsense(' WHERE name = 'chest'");
    db.close();
    const captured = await capture(folder);
    expect(captured.warnings.map(({ code }) => code)).toEqual(['database-damaged']);
    expect(captured.tables).toEqual([]);
    expect(existsSync(join(folder, 'copy.db'))).toBe(true);
  });
});
