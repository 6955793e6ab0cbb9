import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { TableCount } from '../../shared/model.ts';
import type { SearchHit } from '../../shared/results.ts';
import { creationColumn, toTime } from './creation-time.ts';
import { databaseError } from './database-errors.ts';
import { columnNames, countRows, listTables, quoteName, readMaxRowid, rowidName } from './database-facts.ts';
import { openDatabase } from './open-database.ts';
import { withReadableCopy } from './readable-copy.ts';

/** A row, with the values of its columns: text is cut, and a blob is only named by its size. */
export interface CopyRow {
  readonly rowid: number;
  /** When it was made, where a column says so by its name. */
  readonly createdAt: string | null;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** Where a text was found, in one database. */
export type TextHit = Omit<SearchHit, 'id' | 'database'>;

const maxTextLength = 500;
const maxSearchLength = 1000;
/** Rows looked at before other work gets its turn. */
const windowRows = 2000;
const snippetBefore = 60;
const snippetLength = 200;

/** The tables of a published copy, their rows counted. */
export function readTables(file: string): Promise<TableCount[]> {
  return readCopy(file, (db) =>
    listTables(db).map((name) => ({ name, rows: countRows(db, name), maxRowid: readMaxRowid(db, name) })),
  );
}

/** The newest rows of a table of a published copy, by rowid. Empty for a table that has none, or isn't there. */
export function newestRows(file: string, table: string, limit: number): Promise<CopyRow[]> {
  return readCopy(file, (db) => {
    const rowid = listTables(db).includes(table) ? rowidName(db, table) : null;
    if (rowid === null) return [];
    const columns = columnNames(db, table);
    const shown = columns.map((name) => `${displayed(quoteName(name))} AS ${quoteName(name)}`);
    const sql = `SELECT ${shown.join(', ')} FROM ${quoteName(table)} ORDER BY ${rowid} DESC LIMIT ?`;
    const rowids = db.prepare(`SELECT ${rowid} FROM ${quoteName(table)} ORDER BY ${rowid} DESC LIMIT ?`).pluck();
    const found = db.prepare<[number], CopyRow['values']>(sql).all(limit);
    const numbers = rowids.all(limit);
    const created = creationColumn(columns);
    return found.map((values, index) => {
      const createdAt = created === undefined ? null : toTime(values[created]);
      return { rowid: Number(numbers[index]), createdAt, values };
    });
  });
}

/**
 * The newest rows of a published copy whose text holds this text, whatever the case of ASCII letters. Looks at every
 * text value of the ordinary tables that have rowids, lets other work have its turn, and stops at the limit.
 */
export function searchText(file: string, text: string, limit: number, signal?: AbortSignal): Promise<TextHit[]> {
  return readCopy(file, async (db) => {
    const wanted = text.slice(0, maxSearchLength);
    if (wanted === '') return [];
    const hits: TextHit[] = [];
    for (const table of searchableTables(db)) {
      if (hits.length >= limit) break;
      hits.push(...(await searchTable(db, table, wanted, limit - hits.length, signal)));
    }
    return hits;
  });
}

async function readCopy<T>(file: string, read: (db: Database) => T | Promise<T>): Promise<T> {
  try {
    return await withReadableCopy(file, { scratchFolder: null }, async (path) => {
      const opened = openDatabase(path, { busyTimeoutMs: 1000 });
      try {
        return await read(opened.db);
      } finally {
        opened.close();
      }
    });
  } catch (error) {
    throw databaseError(file, error);
  }
}

const displayed = (column: string): string =>
  `CASE typeof(${column}) WHEN 'text' THEN substr(${column}, 1, ${maxTextLength})
   WHEN 'blob' THEN '(' || length(${column}) || ' bytes)' ELSE ${column} END`;

/** Without the tables in which a virtual table (a full-text index) keeps its own copy of the text. */
function searchableTables(db: Database): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage = 0`;
  const virtual = db.prepare(sql).pluck().all();
  return listTables(db).filter((name) => !virtual.some((owner) => name.startsWith(`${String(owner)}_`)));
}

async function searchTable(
  db: Database,
  table: string,
  text: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<TextHit[]> {
  const query = prepareSearch(db, table);
  if (query === undefined) return [];
  const hits: TextHit[] = [];
  let below: number | null = query.end;
  while (below !== null && hits.length < limit) {
    signal?.throwIfAborted();
    const start = query.windowStart(below);
    if (start !== null) hits.push(...query.find(text, start, below, limit - hits.length));
    below = start;
    await nextTurn();
  }
  return hits;
}

interface TableSearch {
  /** One more than the greatest rowid. */
  readonly end: number | null;
  /** The rowid at which the window of rows below that one begins; null where no row is left. */
  windowStart(below: number): number | null;
  find(text: string, start: number, below: number, limit: number): TextHit[];
}

function prepareSearch(db: Database, table: string): TableSearch | undefined {
  const rowid = rowidName(db, table);
  const columns = columnNames(db, table);
  const greatest = readMaxRowid(db, table);
  if (rowid === null || greatest === null || columns.length === 0) return undefined;
  const name = quoteName(table);
  const window = db
    .prepare(
      `SELECT min(r) FROM (SELECT ${rowid} AS r FROM ${name} WHERE ${rowid} < ? ORDER BY r DESC LIMIT ${windowRows})`,
    )
    .pluck();
  const created = creationColumn(columns);
  const searches = columns.map((column) => ({
    column,
    statement: db.prepare(
      searchSql(name, rowid, quoteName(column), created === undefined ? 'NULL' : quoteName(created)),
    ),
  }));
  return {
    end: greatest + 1,
    windowStart: (below) => numberOrNull(window.get(below)),
    find: (text, start, below, limit) => {
      const parameters = { text, pattern: likePattern(text), start, below, limit };
      const found = searches.flatMap(({ column, statement }) =>
        statement.all(parameters).map((row) => toHit(table, column, row)),
      );
      return found.sort((a, b) => b.rowid - a.rowid).slice(0, limit);
    },
  };
}

const searchSql = (table: string, rowid: string, column: string, created: string): string =>
  `SELECT ${rowid} AS rowid, ${created} AS created,
     substr(${column}, max(1, instr(lower(${column}), lower(@text)) - ${snippetBefore}), ${snippetLength}) AS snippet
   FROM ${table}
   WHERE ${rowid} >= @start AND ${rowid} < @below AND typeof(${column}) = 'text' AND ${column} LIKE @pattern ESCAPE '\\'
   ORDER BY ${rowid} DESC LIMIT @limit`;

const likePattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;

function toHit(table: string, column: string, row: unknown): TextHit {
  if (typeof row !== 'object' || row === null || !('rowid' in row) || !('snippet' in row) || !('created' in row)) {
    throw new TypeError('a search row has three columns');
  }
  return { table, rowid: Number(row.rowid), column, snippet: String(row.snippet), createdAt: toTime(row.created) };
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
