import { type BigIntStats, lstatSync, realpathSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../shared/app-error.ts';
import { registerSqliteFile } from '../platform/open-file.ts';

/** An open SQLite file. Until `close`, nothing else in this process may open that device and inode. */
export interface OpenDatabase {
  readonly db: Database.Database;
  /** Where it really lies. */
  readonly path: string;
  readonly stats: BigIntStats;
  close(): void;
}

export interface OpenOptions {
  /** How long one statement may block this thread on another program's lock. */
  readonly busyTimeoutMs: number;
  /** Only for copies of our own, never for a live file of the user. */
  readonly writable?: boolean;
}

/** Under which name each device and inode is open here, and how often. */
const openNames = new Map<string, { readonly path: string; count: number }>();

/**
 * Opens a SQLite file, read-only unless told otherwise. It is the one place that does so, and it trusts nothing that
 * the file says (sqlite.org/security.html). Throws an AppError for a name that can't be used, else SQLite's own error.
 */
export function openDatabase(path: string, options: OpenOptions): OpenDatabase {
  const real = realpathSync(path);
  refuseOddName(real);
  const stats = lstatSync(real, { bigint: true });
  const release = claimName(stats, real);
  try {
    const db = openHardened(real, options);
    refuseSwapped(real, stats, db);
    return {
      db,
      path: real,
      stats,
      close: () => {
        db.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Loads the native code before it is needed: better-sqlite3 does so with its first database. */
export function loadSqlite(): void {
  new Database(':memory:').close();
}

/** better-sqlite3 trims names, and would open (or write) another file. */
export function refuseOddName(path: string): void {
  if (path.trim() === path) return;
  throw new AppError('brain-unreadable', `The database ${JSON.stringify(path)} has a space at an end of its name.`, {
    hint: 'Rename the file so that its name neither begins nor ends with a space.',
    details: { path },
  });
}

/** Two names of one file would have two write-ahead logs, so only one name at a time is allowed. */
function claimName(stats: BigIntStats, path: string): () => void {
  const key = `${stats.dev}:${stats.ino}`;
  const open = openNames.get(key) ?? { path, count: 0 };
  if (open.path !== path) {
    throw new AppError('busy', `${path} is the same file as ${open.path}, which is open already.`, {
      hint: 'Name the database by one path only.',
      details: { path, other: open.path },
    });
  }
  open.count += 1;
  openNames.set(key, open);
  const unregister = registerSqliteFile(stats);
  return () => {
    unregister();
    open.count -= 1;
    if (open.count === 0) openNames.delete(key);
  };
}

function openHardened(path: string, options: OpenOptions): Database.Database {
  const db = new Database(path, {
    readonly: options.writable !== true,
    fileMustExist: true,
    timeout: options.busyTimeoutMs,
  });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('mmap_size = 0');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What was registered must be what SQLite opened. */
function refuseSwapped(path: string, stats: BigIntStats, db: Database.Database): void {
  const now = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (now !== undefined && now.dev === stats.dev && now.ino === stats.ino) return;
  db.close();
  throw new AppError('brain-replaced', `The database ${path} was replaced while it was opened.`, {
    hint: 'Try again once the program that replaces it has finished.',
    details: { path },
  });
}
