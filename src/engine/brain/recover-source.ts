import { createReadStream, createWriteStream, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { openForReading } from '../platform/open-file.ts';
import type { FindOpenHandles, OpenHandle } from '../platform/open-handles.ts';
import { openDatabase } from './open-database.ts';

export interface RecoverOptions {
  readonly source: string;
  /** A private folder to make; the caller removes it. */
  readonly folder: string;
  readonly findHandles: FindOpenHandles;
  readonly signal: AbortSignal;
}

const sideSuffixes = ['-journal', '-wal'] as const;

/**
 * Copies a database that no process holds, with its journal or WAL, and lets SQLite recover the copy: the way to a file
 * that can't be opened read-only. The source stays as it is. Gives the path of the recovered database.
 */
export async function recoverSource(options: RecoverOptions): Promise<string> {
  const { source, folder } = options;
  await refuseIfOpen(options);
  const before = fingerprint(source);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, 'source.db');
  await copyFile(source, copy, options.signal);
  for (const suffix of sideSuffixes.filter((name) => existsSync(source + name))) {
    await copyFile(source + suffix, copy + suffix, options.signal);
  }
  await refuseIfOpen(options);
  if (fingerprint(source) !== before) throw openElsewhere(source, []);
  const recovered = openDatabase(copy, { busyTimeoutMs: 0, writable: true });
  try {
    recovered.db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } finally {
    recovered.close();
  }
  return copy;
}

/** Whether some process holds the file. A system that can't tell counts as yes: SQLite's own locks then decide. */
export async function isHeldByAnyone(source: string, findHandles: FindOpenHandles): Promise<boolean> {
  try {
    return (await findHandles(filesOf(source))).length > 0;
  } catch (error) {
    if (error instanceof AppError || systemErrorCode(error) !== undefined) return true;
    throw error;
  }
}

async function refuseIfOpen({ source, findHandles }: RecoverOptions): Promise<void> {
  const handles = await findHandles(filesOf(source));
  if (handles.length > 0) throw openElsewhere(source, handles);
}

function openElsewhere(source: string, handles: readonly OpenHandle[]): AppError {
  const holders = [...new Set(handles.map(({ pid, command }) => `${command || 'process'} (${pid})`))].join(', ');
  const who = holders === '' ? 'another program is changing it' : `${holders} has it open`;
  return new AppError('brain-locked', `The database ${source} needs recovery after a crash, and ${who}.`, {
    hint: 'Let the program that uses the database open it once, or stop it, then try again.',
    details: { path: source, pids: handles.map(({ pid }) => pid) },
  });
}

const filesOf = (source: string): string[] => [source, `${source}-journal`, `${source}-wal`, `${source}-shm`];

/** Changes when any of the files is written, appears or goes. */
function fingerprint(source: string): string {
  return filesOf(source)
    .slice(0, 3)
    .map((path) => {
      const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      return stats === undefined ? '-' : `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
    })
    .join(' ');
}

async function copyFile(from: string, to: string, signal: AbortSignal): Promise<void> {
  const { fd } = openForReading(from, lstatSync(from, { bigint: true }));
  await pipeline(createReadStream('', { fd }), createWriteStream(to, { flags: 'wx', mode: 0o600 }), { signal });
}
