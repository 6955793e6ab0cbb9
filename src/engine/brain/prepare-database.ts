import { chmodSync, chownSync } from 'node:fs';
import { syncFile } from '../platform/durable-file.ts';
import { openDatabase } from './open-database.ts';

/** Gives a staged copy what its source had: journal mode, permission bits and, where we may, its owner. Flushed. */
export function prepareDatabase(
  file: string,
  source: { readonly journalMode: string; readonly mode: number; readonly uid: number; readonly gid: number },
): void {
  if (source.journalMode === 'wal') {
    const open = openDatabase(file, { busyTimeoutMs: 0, writable: true });
    try {
      open.db.pragma('journal_mode = WAL');
    } finally {
      open.close();
    }
  }
  // Only root can give files away; for others every file that they write is theirs.
  if (process.getuid?.() === 0) chownSync(file, source.uid, source.gid);
  syncFile(file);
  chmodSync(file, source.mode & 0o777);
}
