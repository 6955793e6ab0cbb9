import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { systemErrorCode } from '../../shared/app-error.ts';

/** A table and its greatest rowid: null where it has no rowids or no rows. */
export interface TableFact {
  readonly name: string;
  readonly maxRowid: number | null;
}

/** What can be read of a database in well under a millisecond per table, in the caller's transaction. */
export interface DatabaseFacts {
  readonly pageCount: number;
  readonly userVersion: number;
  readonly schemaHash: string;
  readonly tables: readonly TableFact[];
}

/** Page count, version, schema and the greatest rowids. Counts no rows: that would scan the file. */
export function readDatabaseFacts(db: Database): DatabaseFacts {
  return {
    pageCount: pragmaNumber(db, 'page_count'),
    userVersion: pragmaNumber(db, 'user_version'),
    schemaHash: hashSchema(db),
    tables: listTables(db).map((name) => ({ name, maxRowid: readMaxRowid(db, name) })),
  };
}

/** The ordinary tables, by name: no views, no virtual tables (they have no root page), none of SQLite's own. */
export function listTables(db: Database): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;
  return db
    .prepare(sql)
    .pluck()
    .all()
    .filter((name) => typeof name === 'string');
}

/** The greatest rowid, found at the end of the table's tree. Null where there is none. */
export function readMaxRowid(db: Database, table: string): number | null {
  const rowid = rowidName(db, table);
  if (rowid === null) return null;
  const value = db
    .prepare(`SELECT max(${rowid}) FROM ${quoteName(table)}`)
    .pluck()
    .get();
  return typeof value === 'number' ? value : null;
}

/** The name by which the rowid can be asked for (a column may hide one), or null for a table WITHOUT ROWID. */
export function rowidName(db: Database, table: string): string | null {
  const columns = new Set(columnNames(db, table).map((name) => name.toLowerCase()));
  const free = ['rowid', '_rowid_', 'oid'].find((name) => !columns.has(name));
  if (free === undefined) return null;
  try {
    db.prepare(`SELECT ${free} FROM ${quoteName(table)} LIMIT 0`);
    return free;
  } catch (error) {
    if (systemErrorCode(error) === 'SQLITE_ERROR') return null;
    throw error;
  }
}

/** The columns that a query may name, in their order. */
export function columnNames(db: Database, table: string): string[] {
  const names = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  return names.filter((name) => typeof name === 'string');
}

/** Counts a table's rows by reading it. */
export function countRows(db: Database, table: string): number {
  const value = db
    .prepare(`SELECT count(*) FROM ${quoteName(table)}`)
    .pluck()
    .get();
  return typeof value === 'number' ? value : 0;
}

/** A name as SQL takes it, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A pragma that answers with one number. */
export function pragmaNumber(db: Database, name: string): number {
  const value = db.pragma(name, { simple: true });
  if (typeof value !== 'number') throw new TypeError(`PRAGMA ${name} answered ${String(value)}`);
  return value;
}

/** sha256 over the schema's statements. */
export function hashSchema(db: Database): string {
  const rows = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').raw().all();
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}
