import { lstatSync } from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { inspectDatabaseFile } from './inspect.ts';
import { openDatabase } from './open-database.ts';

/**
 * Keeps every other program out of a database through `work`, as far as SQLite can: an exclusive lock on one with a
 * rollback journal. One that can't be opened (damaged, missing) has no lock to take; one with a WAL or an unfinished
 * journal is not opened, because that would change the files that are about to be moved aside. The caller has proved
 * that no process has those open. Throws `brain-locked` when somebody holds it after all.
 */
export async function withExclusiveHold<T>(path: string, work: () => Promise<T> | T): Promise<T> {
  const hold = takeHold(path);
  try {
    return await work();
  } finally {
    hold?.close();
  }
}

function takeHold(path: string): { close(): void } | undefined {
  const file = inspectDatabaseFile(path);
  if (file.kind !== 'sqlite' || file.header.journalMode === 'wal' || hasJournal(path)) return undefined;
  try {
    const open = openDatabase(path, { busyTimeoutMs: 0, writable: true });
    try {
      open.db.exec('BEGIN EXCLUSIVE');
      return open;
    } catch (error) {
      open.close();
      throw error;
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code?.startsWith('SQLITE_BUSY') === true) {
      throw new AppError('brain-locked', `Another program holds ${path} locked.`, {
        hint: 'Stop that program, then try again.',
        cause: error,
      });
    }
    // Damaged, or of a kind that can't be opened: that may be why it is replaced.
    if (code?.startsWith('SQLITE_') === true) return undefined;
    throw error;
  }
}

const hasJournal = (path: string): boolean => (lstatSync(`${path}-journal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
