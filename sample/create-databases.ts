import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { inventDocuments, inventEvents } from './invent-memories.ts';

/** Rows per table of the Brain. */
export interface SampleRows {
  readonly events: number;
  readonly documents: number;
  readonly doc_chunks: number;
}

const brainSchema = `
  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sessionId TEXT, kind TEXT, json TEXT, createdAt TEXT
  );
  CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, docId TEXT, domain TEXT, type TEXT, title TEXT, source TEXT, tags TEXT, ingestedAt TEXT
  );
  CREATE TABLE doc_chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, docId TEXT, chunkIndex INTEGER, content TEXT, createdAt TEXT
  );
`;

/** Writes a Brain of about 80 KB, the same every time, in SQLite's default rollback-journal mode. */
export function createBrain(path: string): SampleRows {
  mkdirSync(dirname(path), { recursive: true });
  const events = inventEvents(190);
  const documents = inventDocuments(14);
  const chunks = documents.flatMap((document) =>
    document.chunks.map((content, index) => ({ ...document, content, index })),
  );

  fillDatabase(path, brainSchema, (database) => {
    const addEvent = database.prepare('INSERT INTO events (sessionId, kind, json, createdAt) VALUES (?, ?, ?, ?)');
    for (const { event, kind, createdAt } of events)
      addEvent.run(event.sessionId, kind, JSON.stringify(event), createdAt);
    const addDocument = database.prepare(
      'INSERT INTO documents (docId, domain, type, title, source, tags, ingestedAt) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const { docId, domain, type, title, source, tags, ingestedAt } of documents) {
      addDocument.run(docId, domain, type, title, source, JSON.stringify(tags), ingestedAt);
    }
    const addChunk = database.prepare(
      'INSERT INTO doc_chunks (docId, chunkIndex, content, createdAt) VALUES (?, ?, ?, ?)',
    );
    for (const { docId, index, content, ingestedAt } of chunks) addChunk.run(docId, index, content, ingestedAt);
  });
  return { events: events.length, documents: documents.length, doc_chunks: chunks.length };
}

const ledgerSchema =
  'CREATE TABLE actions (id INTEGER PRIMARY KEY AUTOINCREMENT, tool TEXT, target TEXT, result TEXT, createdAt TEXT)';

/** Writes the hands' ledger: a second database, which no v1.5 backup ever held. */
export function createLedger(path: string): void {
  const tools = ['browser.open', 'browser.click', 'file.write', 'calendar.add'];
  fillDatabase(path, ledgerSchema, (database) => {
    const add = database.prepare('INSERT INTO actions (tool, target, result, createdAt) VALUES (?, ?, ?, ?)');
    for (let index = 0; index < 40; index += 1) {
      const createdAt = new Date(Date.UTC(2025, 10, 20, 8, index)).toISOString();
      add.run(tools[index % tools.length], `https://example.org/task/${index + 1}`, 'ok', createdAt);
    }
  });
}

function fillDatabase(path: string, schema: string, fill: (database: Database.Database) => void): void {
  const database = new Database(path);
  try {
    database.exec(schema);
    database.transaction(() => fill(database))();
  } finally {
    database.close();
  }
}
