import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';

/** The version of `state.db` that this program writes, in its `user_version`. */
const newestVersion = 1;

/** Another process writes a row in far less; a record is not worth waiting longer for. */
const busyTimeoutMs = 500;

/** `root` is the Codex folder that a row is about; null for what concerns them all. Times are milliseconds since 1970. */
const schema = `
  CREATE TABLE activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, root TEXT, kind TEXT NOT NULL, ok INTEGER NOT NULL,
    snapshot TEXT, message TEXT NOT NULL
  ) STRICT;
  CREATE TABLE samples (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, root TEXT NOT NULL, bytes INTEGER NOT NULL,
    usedBytes INTEGER NOT NULL, rows INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX samplesByTime ON samples (root, at);
  PRAGMA user_version = ${newestVersion};
`;

/** Opens `state.db`, private, in WAL mode, and made if it is missing. A newer one is refused with AppError `state-newer`. */
export async function openStateFile(file: string): Promise<Database.Database> {
  const { default: Sqlite } = await import('better-sqlite3');
  createPrivately(file);
  const db = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    refuseNewer(db, file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    if (versionOf(db) === 0) createTables(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite would make it readable for others; its side files take over the mode. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}

function refuseNewer(db: Database.Database, file: string): void {
  const version = versionOf(db);
  if (version <= newestVersion) return;
  throw new AppError('state-newer', `${file} has version ${version}, and this program knows ${newestVersion}.`, {
    hint: 'Update Codex Auto-Backup. The file was left as it is.',
  });
}

/** Another process may be making them at this moment. */
function createTables(db: Database.Database): void {
  const create = db.transaction(() => {
    if (versionOf(db) === 0) db.exec(schema);
  });
  create.immediate();
}

const versionOf = (db: Database.Database): number => Number(db.pragma('user_version', { simple: true }));
