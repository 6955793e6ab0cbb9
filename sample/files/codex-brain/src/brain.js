import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

const schema = `
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sessionId TEXT, kind TEXT, json TEXT, createdAt TEXT
  );
  CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, docId TEXT, domain TEXT, type TEXT, title TEXT, source TEXT, tags TEXT, ingestedAt TEXT
  );
  CREATE TABLE IF NOT EXISTS doc_chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, docId TEXT, chunkIndex INTEGER, content TEXT, createdAt TEXT
  );
`;

/** Opens the Brain in SQLite's own default: a rollback journal, and one second of patience with other processes. */
export function openBrain() {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'codex-brain-data');
  const path = join(folder, 'codex-brain.db');
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(path);
  database.exec('PRAGMA busy_timeout = 1000');
  database.exec(schema);

  const addEvent = database.prepare('INSERT INTO events (sessionId, kind, json, createdAt) VALUES (?, ?, ?, ?)');
  const addDocument = database.prepare(
    'INSERT INTO documents (docId, domain, type, title, source, tags, ingestedAt) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const addChunk = database.prepare(
    'INSERT INTO doc_chunks (docId, chunkIndex, content, createdAt) VALUES (?, ?, ?, ?)',
  );

  function remember({ kind, event }) {
    if (typeof kind !== 'string' || typeof event?.sessionId !== 'string') {
      throw Object.assign(new Error('expected { kind, event: { sessionId, … } }'), { status: 400 });
    }
    const now = new Date().toISOString();
    database.exec('BEGIN IMMEDIATE');
    try {
      const { lastInsertRowid } = addEvent.run(event.sessionId, kind, JSON.stringify(event), now);
      if (kind === 'DocumentIngested') ingest(event, now);
      database.exec('COMMIT');
      return { ok: true, id: Number(lastInsertRowid) };
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  function ingest({ docId, domain, type, title, source, tags = [], chunks = [] }, now) {
    const id = String(docId);
    addDocument.run(id, domain ?? null, type ?? null, title ?? null, source ?? null, JSON.stringify(tags), now);
    for (const [index, content] of chunks.entries()) addChunk.run(id, index, content, now);
  }

  function stats() {
    const counts = database.prepare(
      `SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM documents) AS documents,
        (SELECT count(*) FROM doc_chunks) AS chunks, (SELECT max(id) FROM events) AS lastEventId`,
    );
    return { pid: process.pid, bytes: statSync(path).size, ...counts.get() };
  }

  return { path, remember, stats };
}
