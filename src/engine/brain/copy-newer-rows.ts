import type { Database } from 'better-sqlite3';
import type { TableCount } from '../../shared/model.ts';
import { columnNames, listTables, quoteName, rowidName } from './database-facts.ts';
import { openDatabase } from './open-database.ts';

/**
 * Copies the rows that came after a snapshot from one copy of a database into another, in one transaction: of tables that
 * `hasOnlyRowids`, those with a greater rowid than the snapshot's greatest. Answers how many rows of which table.
 */
export function copyNewerRows(
  from: string,
  to: string,
  then: readonly TableCount[],
): readonly { readonly table: string; readonly rows: number }[] {
  const source = openDatabase(from, { busyTimeoutMs: 0 });
  try {
    const target = openDatabase(to, { busyTimeoutMs: 0, writable: true });
    try {
      // A row may refer to one of a table that is not copied: that is a gap in the data, not a reason to lose it.
      target.db.pragma('foreign_keys = OFF');
      const copyAll = target.db.transaction(() =>
        then.map(({ name, maxRowid }) => ({ table: name, rows: copyTable(source.db, target.db, name, maxRowid) })),
      );
      return copyAll().filter(({ rows }) => rows > 0);
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

/** Whether rows of a table can't collide with others: nothing is unique but the rowid, and no trigger acts on them. */
export function hasOnlyRowids(db: Database, table: string): boolean {
  const rowid = rowidName(db, table);
  if (rowid === null) return false;
  const unique = db.prepare('SELECT count(*) FROM pragma_index_list(?) WHERE "unique" = 1').pluck().get(table);
  const triggers = db.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?").pluck();
  return unique === 0 && triggers.get(table) === 0;
}

function copyTable(source: Database, target: Database, table: string, maxRowid: number | null): number {
  const isThere = [source, target].every((db) => listTables(db).includes(table) && hasOnlyRowids(db, table));
  if (!isThere) return 0;
  const columns = columnNames(source, table);
  if (columns.join('\0') !== columnNames(target, table).join('\0')) return 0;
  const rowid = rowidName(source, table) ?? 'rowid';
  const names = [rowid, ...columns.map(quoteName)].join(', ');
  const places = Array.from({ length: columns.length + 1 }, () => '?').join(', ');
  const newer = source.prepare(`SELECT ${names} FROM ${quoteName(table)} WHERE ${rowid} > ? ORDER BY ${rowid}`);
  const insert = target.prepare(`INSERT INTO ${quoteName(table)} (${names}) VALUES (${places})`);
  let rows = 0;
  // Whole numbers beyond 2^53 would lose digits as JavaScript numbers.
  for (const row of newer
    .raw()
    .safeIntegers()
    .iterate(maxRowid ?? Number.MIN_SAFE_INTEGER)) {
    if (!Array.isArray(row)) throw new TypeError('a raw row is a list');
    insert.run(...row);
    rows += 1;
  }
  return rows;
}
