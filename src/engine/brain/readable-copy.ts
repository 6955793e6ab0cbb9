import { accessSync, constants, copyFileSync, existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { requireDatabaseFile } from './database-errors.ts';

const sideSuffixes = ['-journal', '-wal'] as const;

export interface ReadableCopyOptions {
  /** Where a scratch copy may be made; null if it may not. */
  readonly scratchFolder: string | null;
  /** Set when the database is to be opened read-write, though it isn't written. */
  readonly readWrite?: boolean;
}

/**
 * Calls `use` with a path at which a published copy can be opened without leaving anything beside it: its own where
 * that needs no side files, else a scratch copy (which may be written to), removed afterwards.
 */
export async function withReadableCopy<T>(
  file: string,
  { scratchFolder, readWrite = false }: ReadableCopyOptions,
  use: (path: string, isScratch: boolean) => T | Promise<T>,
): Promise<T> {
  if (needsNoSideFiles(file) && (!readWrite || mayWrite(file))) return use(file, false);
  if (scratchFolder === null) {
    throw new AppError('brain-unreadable', `${file} can only be read on a scratch copy: it expects side files.`, {
      hint: 'Restore it into another folder, and look at it there.',
      details: { file },
    });
  }
  const folder = mkdtempSync(join(scratchFolder, 'database-'));
  try {
    const copy = join(folder, 'copy.db');
    for (const suffix of ['', ...sideSuffixes].filter((name) => existsSync(file + name))) {
      copyFileSync(file + suffix, copy + suffix, constants.COPYFILE_FICLONE);
    }
    return await use(copy, true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** True for a regular file in rollback mode with no journal beside it: SQLite reads it and creates nothing. */
function needsNoSideFiles(file: string): boolean {
  if (!lstatSync(file).isFile()) return false;
  const { header } = requireDatabaseFile(file);
  return header.journalMode === 'delete' && !sideSuffixes.some((suffix) => existsSync(file + suffix));
}

function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemErrorCode(error) ?? '')) return false;
    throw error;
  }
}
