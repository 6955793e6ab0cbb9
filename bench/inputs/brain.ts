import Database from 'better-sqlite3';

const schema = `
  CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, sessionId TEXT, kind TEXT, json TEXT, createdAt TEXT);
  CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, docId TEXT, domain TEXT, type TEXT, title TEXT, source TEXT, tags TEXT,
    ingestedAt TEXT
  );
  CREATE TABLE doc_chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, docId TEXT, chunkIndex INTEGER, content TEXT, createdAt TEXT
  );
`;

export const addEventSql = 'INSERT INTO events (sessionId, kind, json, createdAt) VALUES (?, ?, ?, ?)';

/** A Brain of about 64 KB in the journal mode of the real one. */
export function createSmallBrain(path: string): void {
  createBrain(path, 64_000, 'delete');
}

/** A Brain of about 400 MB with a WAL. */
export function createLargeBrain(path: string): void {
  createBrain(path, 400_000_000, 'wal');
}

/** A Brain of a little over 1 GB in the journal mode of the real one; most of it are rows of a megabyte of zeros. */
export function createHugeBrain(path: string): void {
  createSmallBrain(path);
  const database = new Database(path);
  try {
    database.pragma('synchronous = OFF');
    database.pragma('journal_mode = OFF');
    const add = database.prepare(
      "INSERT INTO doc_chunks (docId, chunkIndex, content) VALUES ('huge', ?, zeroblob(1000000))",
    );
    database.transaction(() => {
      for (let index = 0; index < 1080; index += 1) add.run(index);
    })();
    database.pragma('journal_mode = DELETE');
  } finally {
    database.close();
  }
}

/** The values of one event, of about half a kilobyte. */
export function inventEvent(number: number): readonly [string, string, string, string] {
  const text = `What was said in turn ${number}: ${'to be remembered, '.repeat(24)}`;
  return [`session-${number % 97}`, 'TurnAppended', JSON.stringify({ text }), '2025-11-22T03:35:57.396Z'];
}

function createBrain(path: string, bytes: number, journalMode: 'delete' | 'wal'): void {
  const database = new Database(path);
  try {
    // Faster to fill; a crash of the bench may cost this file.
    database.pragma('synchronous = OFF');
    database.exec(schema);
    const add = database.prepare(addEventSql);
    const pages = database.prepare('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size').pluck();
    const addMany = database.transaction((first: number, count: number) => {
      for (let number = first; number < first + count; number += 1) add.run(...inventEvent(number));
    });
    const step = Math.min(10_000, Math.ceil(bytes / 20_000));
    for (let first = 0; Number(pages.get()) < bytes; first += step) addMany(first, step);
    database.pragma(`journal_mode = ${journalMode}`);
  } finally {
    database.close();
  }
}
