import Database from 'better-sqlite3';

export interface BrainOptions {
  readonly journalMode?: 'wal' | 'delete';
  readonly pageSize?: number;
  /** About how large it is to be. */
  readonly bytes?: number;
}

/**
 * Makes a database with the Brain's tables, and two more, `purse` and `chest`, whose amounts always sum up to
 * `brainTotal`, whatever the `transfer` writer does.
 */
export function createBrain(path: string, options: BrainOptions = {}): void {
  const db = new Database(path);
  db.pragma(`page_size = ${options.pageSize ?? 4096}`);
  db.pragma(`journal_mode = ${options.journalMode ?? 'wal'}`);
  db.pragma('synchronous = OFF');
  db.exec(schema);
  db.exec(`INSERT INTO purse (amount) SELECT 1000 FROM ${series(1000)}`);
  db.exec(`INSERT INTO chest (amount) SELECT 0 FROM ${series(1000)}`);
  db.exec(`INSERT INTO events (sessionId, kind, json, createdAt)
    SELECT 'session', 'TurnAppended', '{"text":"turn ' || n || '"}', '2025-11-22T03:35:57.396Z' FROM ${series(50)}`);
  db.exec(`INSERT INTO documents (docId, title, source) VALUES ('d1', 'Sailing to Crete', 'notes')`);
  db.exec(`INSERT INTO doc_chunks (docId, chunkIndex, content, createdAt)
    SELECT 'd1', n, randomblob(8000), '2025-11-22T03:35:57.396Z' FROM ${series(Math.ceil((options.bytes ?? 0) / 8200))}`);
  db.close();
}

export const brainTotal = 1_000_000;

const series = (count: number): string =>
  `(WITH RECURSIVE s(n) AS (SELECT 1 WHERE ${count} > 0 UNION ALL SELECT n + 1 FROM s WHERE n < ${count}) SELECT n FROM s)`;

const schema = `
  CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, sessionId TEXT, kind TEXT, json TEXT, createdAt TEXT);
  CREATE TABLE documents (id INTEGER PRIMARY KEY AUTOINCREMENT, docId TEXT UNIQUE, domain TEXT, type TEXT, title TEXT,
    source TEXT, tags TEXT, ingestedAt TEXT);
  CREATE TABLE doc_chunks (id INTEGER PRIMARY KEY AUTOINCREMENT, docId TEXT, chunkIndex INTEGER, content TEXT, createdAt TEXT);
  CREATE TABLE purse (id INTEGER PRIMARY KEY, amount INTEGER);
  CREATE TABLE chest (id INTEGER PRIMARY KEY, amount INTEGER);
  CREATE INDEX eventsBySession ON events (sessionId, kind);
`;
