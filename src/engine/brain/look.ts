import { existsSync, lstatSync } from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { type DatabaseFacts, pragmaNumber, readDatabaseFacts } from './database-facts.ts';
import { openDatabase } from './open-database.ts';

/** A short look at a live database: what the design calls a look. It counts no rows. */
export interface Look extends DatabaseFacts {
  /** File size with the pages that are still in the WAL. */
  readonly bytes: number;
  /** Used pages × page size. */
  readonly usedBytes: number;
}

/** Waits this long for a writer, and holds its read lock for far less. */
const busyTimeoutMs = 50;

/** Opens, reads and closes; the read lock is held for under 5 ms. Null when a writer holds it, or it can't be opened. */
export function lookAtDatabase(path: string): Look | null {
  if (!existsSync(path)) {
    throw new AppError('brain-missing', `There is no Brain at ${path}.`, {
      hint: 'Check the setting "brain", or restore the newest snapshot.',
    });
  }
  try {
    return readDatabase(path);
  } catch (error) {
    if (systemErrorCode(error)?.startsWith('SQLITE_') !== true) throw error;
    return null;
  }
}

/** The same look, which throws SQLite's own error where it can't be had. */
export function readDatabase(path: string): Look {
  const open = openDatabase(path, { busyTimeoutMs });
  try {
    open.db.exec('BEGIN');
    const facts = readDatabaseFacts(open.db);
    const pageSize = pragmaNumber(open.db, 'page_size');
    const usedBytes = (facts.pageCount - pragmaNumber(open.db, 'freelist_count')) * pageSize;
    const fileBytes = lstatSync(open.path).size;
    return { ...facts, bytes: Math.max(fileBytes, facts.pageCount * pageSize), usedBytes };
  } finally {
    open.close();
  }
}
