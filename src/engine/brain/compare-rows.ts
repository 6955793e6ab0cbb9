import { lstatSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { TableCount } from '../../shared/model.ts';
import { hasOnlyRowids } from './copy-newer-rows.ts';
import { creationColumn, toTime } from './creation-time.ts';
import {
  columnNames,
  countRows,
  hashSchema,
  listTables,
  pragmaNumber,
  quoteName,
  rowidName,
} from './database-facts.ts';
import { openDatabase } from './open-database.ts';

/** A live database beside what a snapshot says of it. */
export interface RowComparison {
  readonly bytes: number;
  readonly userVersion: number;
  readonly schemaHash: string;
  readonly tables: readonly RowChange[];
}

export interface RowChange {
  readonly name: string;
  readonly rowsNow: number | null;
  readonly rowsThen: number | null;
  /** Rows with a greater rowid than the snapshot's greatest. */
  readonly rowsSince: number | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Whether newer rows could be kept when the table is brought back. */
  readonly isKeepable: boolean;
}

/** Counting reads the file while its writers wait: done up to this size only. */
const countedBytes = 100_000_000;

/** Looks at a live database; undefined when it is locked, damaged, or no database. */
export function compareRows(path: string, then: readonly TableCount[]): RowComparison | undefined {
  try {
    const open = openDatabase(path, { busyTimeoutMs: 200 });
    try {
      open.db.exec('BEGIN');
      const bytes = lstatSync(open.path).size;
      const names = new Set([...listTables(open.db), ...then.map(({ name }) => name)]);
      const before = new Map(then.map((table) => [table.name, table]));
      const tables = [...names].sort().map((name) => compareTable(open.db, name, before.get(name), bytes));
      const userVersion = pragmaNumber(open.db, 'user_version');
      return { bytes, userVersion, schemaHash: hashSchema(open.db), tables };
    } finally {
      open.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return undefined;
  }
}

/** What is known of the tables of a database that can't be looked at now. */
export function unseenTables(then: readonly TableCount[]): readonly RowChange[] {
  return then.map(({ name, rows }) => ({
    name,
    rowsNow: null,
    rowsThen: rows,
    rowsSince: null,
    from: null,
    to: null,
    isKeepable: false,
  }));
}

function compareTable(db: Database, name: string, then: TableCount | undefined, bytes: number): RowChange {
  const rowsThen = then?.rows ?? null;
  if (!listTables(db).includes(name)) {
    return { name, rowsNow: null, rowsThen, rowsSince: null, from: null, to: null, isKeepable: false };
  }
  const rowsNow = bytes <= countedBytes ? countRows(db, name) : null;
  return {
    name,
    rowsNow,
    rowsThen,
    ...readSince(db, name, then?.maxRowid ?? null),
    isKeepable: then !== undefined && hasOnlyRowids(db, name),
  };
}

function readSince(db: Database, table: string, maxRowid: number | null): Pick<RowChange, 'rowsSince' | 'from' | 'to'> {
  const rowid = rowidName(db, table);
  if (rowid === null) return { rowsSince: null, from: null, to: null };
  const created = creationColumn(columnNames(db, table));
  const column = created === undefined ? 'NULL' : quoteName(created);
  const sql = `SELECT count(*) AS rows, min(${column}) AS earliest, max(${column}) AS latest
    FROM ${quoteName(table)} WHERE ${rowid} > ?`;
  const row: unknown = db.prepare(sql).get(maxRowid ?? Number.MIN_SAFE_INTEGER);
  if (typeof row !== 'object' || row === null || !('rows' in row) || !('earliest' in row) || !('latest' in row)) {
    throw new TypeError('counting rows gives three columns');
  }
  return { rowsSince: Number(row.rows), from: toTime(row.earliest), to: toTime(row.latest) };
}
