import { AppError, type ErrorCode, systemErrorCode } from '../../shared/app-error.ts';
import { type DatabaseFile, inspectDatabaseFile, type SqliteFile } from './inspect.ts';

/** The database at a path, or an AppError that says what lies there instead and what to do. */
export function requireDatabaseFile(path: string): SqliteFile {
  const file = inspectDatabaseFile(path);
  if (file.kind === 'sqlite') return file;
  throw unusableFile(file);
}

function unusableFile(file: Exclude<DatabaseFile, SqliteFile>): AppError {
  const { path } = file;
  const fail = (code: ErrorCode, message: string, hint: string): AppError =>
    new AppError(code, message, { hint, details: { path } });
  switch (file.kind) {
    case 'missing':
      return fail(
        'brain-missing',
        `There is no database at ${path}.`,
        'Check the path in the settings, or restore it.',
      );
    case 'empty':
      return fail(
        'brain-empty',
        `The database ${path} is empty (0 bytes).`,
        'Restore it from the newest good snapshot.',
      );
    case 'not-sqlite':
      return fail(
        'brain-not-sqlite',
        `${path} is not a SQLite database.`,
        'Check the path in the settings, or restore it.',
      );
    case 'encrypted':
      return fail(
        'brain-encrypted',
        `The database ${path} looks encrypted: it is whole pages of random bytes.`,
        'An encrypted database can not be copied page by page; leave it out, or back it up with its own program.',
      );
    case 'not-a-file':
      return fail('brain-not-sqlite', `${path} is not a regular file.`, 'Check the path in the settings.');
    case 'in-use-here':
      return fail(
        'busy',
        `The database ${path} is being read by this program already.`,
        'Try again when that has finished.',
      );
    case 'unreadable':
      return unreadableFile(path, file.cause);
  }
}

/** Why the system refuses to let us read a file, and the setting that allows it. */
export function unreadableFile(path: string, cause: unknown, platform: string = process.platform): AppError {
  const code = systemErrorCode(cause) ?? 'unknown error';
  const details = { path, systemCode: code };
  if (platform === 'darwin' && code === 'EPERM') {
    return new AppError('brain-unreadable', `macOS does not let this program read ${path} (EPERM).`, {
      hint: 'Allow it in System Settings, Privacy & Security, Files and Folders (or Full Disk Access), then start it again.',
      cause,
      details,
    });
  }
  return new AppError('brain-unreadable', `The database ${path} can not be read (${code}).`, {
    hint: 'Give the user who runs the backup read permission to the file and its folder.',
    cause,
    details,
  });
}

/** Turns SQLite's and the system's errors about a file into an AppError; anything else is passed on. */
export function databaseError(path: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    const hint = 'Free some space, then try again.';
    return new AppError('disk-full', `The disk is full while copying ${path}.`, { hint, cause: error });
  }
  if (code === 'ABORT_ERR') return new AppError('cancelled', `Copying ${path} was cancelled.`, { cause: error });
  if (code.startsWith('SQLITE_IOERR')) {
    const hint = 'Check the disk that holds it and the one that holds the backups, then try again.';
    return new AppError('io', `Copying the database ${path} failed (${code}).`, {
      hint,
      cause: error,
      details: { path },
    });
  }
  if (isBusy(error)) return lockedDatabase(path, error);
  if (code.startsWith('SQLITE_')) return unreadableDatabase(path, code, error);
  if (code === 'EACCES' || code === 'EPERM') return unreadableFile(path, error);
  return error;
}

/** True for every form of "another connection holds the lock". */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(systemErrorCode(error) ?? '');
}

/** True when SQLite says that the bytes of the file are wrong. */
export function isCorrupt(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(systemErrorCode(error) ?? '');
}

export function lockedDatabase(path: string, cause: unknown): AppError {
  return new AppError('brain-locked', `Another program holds the database ${path} exclusively locked.`, {
    hint: 'Let it finish, or close the program that keeps the lock (locking_mode=EXCLUSIVE, or an open transaction).',
    cause,
    details: { path },
  });
}

function unreadableDatabase(path: string, code: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError('brain-unreadable', `SQLite can not read the database ${path}: ${reason} (${code}).`, {
    hint: 'Check the disk and the file; if it is damaged, restore the newest good snapshot.',
    cause,
    details: { path, sqliteCode: code },
  });
}
