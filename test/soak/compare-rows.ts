import Database from 'better-sqlite3';

export interface ComparedRows {
  readonly rows: number;
  /** Rows of the live Brain that came after the snapshot. */
  readonly unsaved: number;
  readonly problems: readonly string[];
}

/** What the writer of a soak puts into each row, besides its number and its time. */
const written = { sessionId: 's', kind: 'TurnAppended', json: 'x'.repeat(200) };

/**
 * Holds a restored Brain against what was written: it must be whole, begin as the live one began, and have each row
 * until its last one as the writer wrote it. The live one is asked only for its last row: a long read would hold it.
 */
export function compareRows(restored: string, live: string, firstRows: number): ComparedRows {
  const db = new Database(restored, { readonly: true });
  try {
    const problems: string[] = [];
    const integrity = String(db.pragma('integrity_check', { simple: true }));
    if (integrity !== 'ok') problems.push(`the restored Brain is damaged: ${integrity}`);
    const number = (sql: string, ...values: string[]): number =>
      Number(
        db
          .prepare(sql)
          .pluck()
          .get(...values),
      );
    const rows = number('SELECT count(*) FROM events');
    const last = number('SELECT max(id) FROM events');
    const right = number(
      `SELECT count(*) FROM events WHERE id > ${firstRows} AND sessionId = ? AND kind = ? AND json = ? AND createdAt > ''`,
      written.sessionId,
      written.kind,
      written.json,
    );
    if (rows !== last || right !== rows - firstRows) {
      problems.push(
        `the restored Brain has ${rows} rows up to number ${last}, of which ${right} are as they were written`,
      );
    }
    return { rows, unsaved: lastRow(live) - last, problems };
  } finally {
    db.close();
  }
}

export function lastRow(file: string): number {
  const db = new Database(file, { readonly: true, timeout: 5000 });
  try {
    return Number(db.prepare('SELECT max(id) FROM events').pluck().get());
  } finally {
    db.close();
  }
}
