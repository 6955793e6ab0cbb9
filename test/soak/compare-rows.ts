import Database from 'better-sqlite3';

export interface ComparedRows {
  readonly rows: number;
  /** Rows of the live Brain that came after the snapshot. */
  readonly unsaved: number;
  readonly problems: readonly string[];
}

/** Holds a restored Brain against the live one, in which rows are only added: it must be whole, and the beginning of it. */
export function compareRows(restored: string, live: string): ComparedRows {
  const db = new Database(restored, { timeout: 5000 });
  try {
    const problems: string[] = [];
    const integrity = String(db.pragma('integrity_check', { simple: true }));
    if (integrity !== 'ok') problems.push(`the restored Brain is damaged: ${integrity}`);
    db.prepare('ATTACH ? AS live').run(live);
    const number = (sql: string): number => Number(db.prepare(sql).pluck().get());
    const rows = number('SELECT count(*) FROM main.events');
    const last = number('SELECT max(id) FROM main.events');
    const same = number(`SELECT count(*) FROM main.events r JOIN live.events l USING (id)
      WHERE r.sessionId IS l.sessionId AND r.kind IS l.kind AND r.json IS l.json AND r.createdAt IS l.createdAt`);
    const before = number(`SELECT count(*) FROM live.events WHERE id <= ${last}`);
    if (same !== rows || before !== rows) {
      problems.push(`the restored Brain has ${rows} rows, of which ${same} are right; the live one had ${before} then`);
    }
    return { rows, unsaved: number(`SELECT count(*) FROM live.events WHERE id > ${last}`), problems };
  } finally {
    db.close();
  }
}
