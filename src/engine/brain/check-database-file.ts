import { closeSync, existsSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { TableCount } from '../../shared/model.ts';
import { syncFile, syncFileBeside } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';
import { hashFile } from '../platform/hash-file.ts';
import { settleBoth } from '../platform/settle-both.ts';
import type { CheckRequest, DatabaseCheck, ExpectedFacts } from './check-messages.ts';
import { isCorrupt, requireDatabaseFile } from './database-errors.ts';
import { countRows, listTables, pragmaNumber, readMaxRowid } from './database-facts.ts';
import { hashBeside } from './hash-beside.ts';
import { openDatabase } from './open-database.ts';
import { withReadableCopy } from './readable-copy.ts';
import { parseSqliteHeader, sqliteHeaderBytes } from './sqlite-header.ts';

/** What a check found inside the file, before it is hashed. */
type Findings = Omit<DatabaseCheck, 'bytes' | 'sha256'>;

const maxMessages = 10;
/** The primary result code of all `SQLITE_IOERR_…` (sqlite.org/rescode.html). */
const sqliteIoError = 10;
const maxViolations = 100_000;

/** Checks one database file; runs in the check process, because nothing can interrupt SQLite meanwhile. */
export async function checkDatabaseFile(request: CheckRequest): Promise<DatabaseCheck> {
  const { file } = request;
  failPoint('check:begin');
  if (request.kind === 'staged') return checkStaged(request);
  requireDatabaseFile(file);
  const { scratchFolder } = request;
  const findings = await withReadableCopy(file, { scratchFolder, readWrite: true }, (path, isScratch) =>
    inspectFile(path, isScratch, request),
  );
  return { ...findings, bytes: statSync(file).size, sha256: await hashFile(file) };
}

/** SQLite reads, a thread hashes and the disk writes at the same time: each takes as long as the others. */
async function checkStaged(request: CheckRequest): Promise<DatabaseCheck> {
  const { file } = request;
  leaveWalBehind(file);
  const before = stampOf(file);
  const flushed = settleBoth(syncFileBeside(file), hashBeside(file));
  const [[, hash], findings] = await settleBoth(flushed, inspectTwice(request));
  const isUntouched = findings.integrity === 'ok' && stampOf(file) === before;
  if (isUntouched) return { ...findings, bytes: statSync(file).size, sha256: hash };
  // SQLite may change on the way what is damaged.
  syncFile(file);
  return { ...findings, bytes: statSync(file).size, sha256: await hashFile(file) };
}

/** All that a check changes in a sound file, before anything else looks at it. */
function leaveWalBehind(file: string): void {
  let opened: ReturnType<typeof openDatabase> | undefined;
  try {
    opened = openDatabase(file, { busyTimeoutMs: 0, writable: true });
    leaveWal(opened.db);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  } finally {
    opened?.close();
    clearWalHeader(file);
  }
}

/** Changes when somebody writes to the file. */
function stampOf(file: string): string {
  const { size, mtimeNs } = statSync(file, { bigint: true });
  return `${size}:${mtimeNs}`;
}

/** SQLite calls a read that fails corruption too (SQLITE_IOERR_CORRUPTFS); damage is there a second time as well. */
async function inspectTwice(request: CheckRequest): Promise<Findings> {
  const first = inspectStaged(request);
  return first.integrity === 'ok' ? first : inspectStaged(request);
}

function inspectStaged(request: CheckRequest): Findings {
  const { file } = request;
  const findings = inspectFile(file, true, request);
  const left = ['-wal', '-shm', '-journal'].filter((suffix) => existsSync(file + suffix));
  const problems = left.map((suffix) => `the copy left a side file: ${suffix}`);
  return { ...findings, problems: [...findings.problems, ...problems] };
}

/**
 * Opens the file, looks at everything, closes it. Damage is a finding; anything else that goes wrong is thrown. It is
 * always opened read-write: on a read-only connection SQLite forgets the CHECK constraints, and proves less.
 */
function inspectFile(path: string, mayChange: boolean, request: CheckRequest): Findings {
  let opened: ReturnType<typeof openDatabase> | undefined;
  try {
    opened = openDatabase(path, { busyTimeoutMs: 0, writable: true });
    if (mayChange) leaveWal(opened.db);
    opened.db.pragma('query_only = ON');
    return readFindings(opened.db, request);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    return damaged(error);
  } finally {
    opened?.close();
    if (mayChange) clearWalHeader(path);
  }
}

/** A copy of a WAL database carries its header, and would make side files whenever it is opened. */
function leaveWal(db: Database): void {
  try {
    db.pragma('journal_mode = DELETE');
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  }
}

/** With a damaged schema SQLite refuses to change the journal mode; then the two header bytes are set here. */
function clearWalHeader(path: string): void {
  if (existsSync(`${path}-wal`) || existsSync(`${path}-journal`)) return;
  const fd = openSync(path, 'r+');
  try {
    const start = Buffer.alloc(sqliteHeaderBytes);
    readSync(fd, start, 0, start.length, 0);
    if (parseSqliteHeader(start)?.journalMode === 'wal') writeSync(fd, Buffer.from([1, 1]), 0, 2, 18);
  } finally {
    closeSync(fd);
  }
}

function readFindings(db: Database, { expected, untrusted }: CheckRequest): Findings {
  db.pragma('cache_size = -65536');
  const quick = untrusted ? runCheck(db, 'quick_check') : 'ok';
  const integrity = quick === 'ok' ? runCheck(db, 'integrity_check') : quick;
  const sound = integrity === 'ok';
  const notes: string[] = [];
  const problems: string[] = [];
  const findings = {
    integrity,
    foreignKeyViolations: sound ? countForeignKeyViolations(db, notes) : 0,
    tables: readTables(db, sound, problems),
    pageCount: sound ? pragmaNumber(db, 'page_count') : 0,
    userVersion: pragmaNumber(db, 'user_version'),
  };
  if (sound && expected !== null) problems.push(...compareWithSource(findings, expected));
  return { ...findings, problems, notes };
}

function runCheck(db: Database, pragma: 'integrity_check' | 'quick_check'): string {
  try {
    const messages = db.prepare(`PRAGMA ${pragma}(${maxMessages})`).pluck().all();
    refuseReadErrors(messages);
    return messages.join('; ').slice(0, 2000);
  } catch (error) {
    if (isCorrupt(error)) return messageOf(error);
    // A collation or function of the application's own: SQLite can't check what it can't compute.
    if (systemErrorCode(error) === 'SQLITE_ERROR') return `can not be checked: ${messageOf(error)}`;
    throw error;
  }
}

/** SQLite lists a page that the disk did not give among the damage; but nothing is known about the bytes then. */
function refuseReadErrors(messages: readonly unknown[]): void {
  const ioError = messages.find((message) => {
    const [, code] = /error code=(\d+)/.exec(String(message)) ?? [];
    return code !== undefined && Number(code) % 256 === sqliteIoError;
  });
  if (ioError !== undefined) throw Object.assign(new Error(String(ioError)), { code: 'SQLITE_IOERR' });
}

function countForeignKeyViolations(db: Database, notes: string[]): number {
  try {
    let count = 0;
    for (const _violation of db.prepare('PRAGMA foreign_key_check').raw().iterate()) {
      count += 1;
      if (count >= maxViolations) break;
    }
    return count;
  } catch (error) {
    if (systemErrorCode(error) !== 'SQLITE_ERROR') throw error;
    notes.push(`foreign keys can not be checked: ${messageOf(error)}`);
    return 0;
  }
}

function readTables(db: Database, sound: boolean, problems: string[]): TableCount[] {
  const tables: TableCount[] = [];
  for (const name of unlessDamaged(() => listTables(db), sound, problems) ?? []) {
    const table = unlessDamaged(
      () => ({ name, rows: countRows(db, name), maxRowid: readMaxRowid(db, name) }),
      sound,
      problems,
    );
    if (table !== undefined) tables.push(table);
  }
  return tables;
}

/** In a file that is known to be damaged, what can't be read is left out and named. */
function unlessDamaged<T>(read: () => T, sound: boolean, problems: string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (sound || !isCorrupt(error)) throw error;
    problems.push(messageOf(error));
    return undefined;
  }
}

function compareWithSource(found: Pick<Findings, 'pageCount' | 'tables'>, expected: ExpectedFacts): string[] {
  const problems: string[] = [];
  if (found.pageCount !== expected.pageCount) {
    problems.push(`the copy has ${found.pageCount} pages, the source had ${expected.pageCount}`);
  }
  const rowids = new Map(found.tables.map(({ name, maxRowid }) => [name, maxRowid]));
  for (const { name, maxRowid } of expected.tables) {
    const copied = rowids.get(name);
    if (copied === undefined) problems.push(`table ${name} is missing from the copy`);
    else if (copied !== maxRowid)
      problems.push(`table ${name} ends at row ${copied}, in the source at row ${maxRowid}`);
  }
  if (found.tables.length !== expected.tables.length) {
    problems.push(`the copy has ${found.tables.length} tables, the source had ${expected.tables.length}`);
  }
  return problems;
}

function damaged(error: unknown): Findings {
  const empty = { foreignKeyViolations: 0, tables: [], pageCount: 0, userVersion: 0, problems: [], notes: [] };
  return { ...empty, integrity: messageOf(error) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
