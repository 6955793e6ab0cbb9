import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { LockHolder } from '../../shared/results.ts';
import type { Clock } from './clock.ts';
import { replaceFile, writeNewFile } from './durable-file.ts';
import { writeFailure } from './system-failure.ts';

/**
 * `writer` changes the backups folder; `removal` is shared by readers; `root` is exclusive for a restore; `watch` is the
 * lease of the one watcher of a root; `copy` is exclusive for whoever changes one copy.
 */
export type LockName = 'writer' | 'removal' | 'root' | 'watch' | 'copy';

export interface LockRequest {
  /** Folder that holds the lock files; made if it is missing. */
  readonly folder: string;
  readonly name: LockName;
  readonly mode: 'exclusive' | 'shared';
  /** What the holder does, for the one who meets the lock: `snapshot`, `remove`. */
  readonly what: string;
  readonly clock: Clock;
  /** How long to wait for another holder, who may be at work in this very process; 0 does not wait for one. */
  readonly waitMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

export interface Lock {
  release(): void;
}

const heartbeatMs = 5_000;
const pollMs = 25;
/** Far longer than one has the lock who only looks whether somebody is at work: nothing must fail because of that. */
const lookMs = 500;

/**
 * Takes a lock that the system itself releases when this process dies: a SQLite file under a held transaction. The
 * holder's name is a separate file, believed only while the lock is held. Throws AppError `busy`.
 */
export async function acquireLock(request: LockRequest): Promise<Lock> {
  const { waitMs = 0, signal } = request;
  const { default: Sqlite } = await import('better-sqlite3');
  const beganMs = performance.now();
  const open = (file: string): Database.Database => new Sqlite(file, { timeout: 0 });
  let held = tryLock(open, request);
  // SQLite's own waiting would hold up this thread, and with it the work of this process that is to end.
  while (held instanceof AppError) {
    const limitMs = isAtWork(request) ? waitMs : Math.max(waitMs, lookMs);
    if (performance.now() - beganMs >= limitMs) throw held;
    await delay(pollMs);
    signal?.throwIfAborted();
    held = tryLock(open, request);
  }
  const database = held;
  const stopHeartbeat = request.mode === 'exclusive' ? announceHolder(request) : () => undefined;
  let released = false;
  return {
    release: () => {
      if (released) return;
      released = true;
      try {
        stopHeartbeat();
      } finally {
        database.close();
      }
    },
  };
}

/** The database that holds the lock, or `busy`. Throws when there can be no lock. */
function tryLock(open: (file: string) => Database.Database, request: LockRequest): Database.Database | AppError {
  const { folder, name, mode } = request;
  let database: Database.Database | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = createLockFile(folder, name);
    // SQLite would open it for reading then, and take a shared lock for an exclusive one without a word.
    if (mode === 'exclusive') accessSync(file, constants.W_OK);
    database = open(file);
    // A journal beside it would be a new file, and on a full disk nothing could be removed any more.
    database.pragma('journal_mode = MEMORY');
    if (mode === 'exclusive') database.exec('BEGIN EXCLUSIVE');
    else database.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
    return database;
  } catch (error) {
    database?.close();
    if (systemErrorCode(error)?.startsWith('SQLITE_BUSY') === true) return busyError(request, error);
    throw writeFailure(openFailure(error, folder), folder);
  }
}

/**
 * Makes the file of a lock, if there is none. SQLite would make it readable for others. Only a file that is not there
 * yet may be opened and closed here.
 */
export function createLockFile(folder: string, name: LockName): string {
  const file = join(folder, `${name}.lock`);
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
  return file;
}

/** Who holds the exclusive lock right now and says so, or null when nobody does: nobody can where no lock can be made. */
export async function readHolder(folder: string, name: LockName, clock: Clock): Promise<LockHolder | null> {
  // To ask for the lock of one who does not say so would be in the way of who comes just then.
  if (!existsSync(holderFile(folder, name))) return null;
  try {
    const lock = await acquireLock({ folder, name, mode: 'shared', what: 'look', clock });
    lock.release();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === 'busy' ? readHolderFile(folder, name) : null;
  }
}

/** Whether somebody says that he holds the lock exclusively, and has not died since, or hung. */
function isAtWork({ folder, name, clock }: LockRequest): boolean {
  const holder = readHolderFile(folder, name);
  return holder !== null && silenceMs(holder, clock) <= mostSilentMs;
}

const mostSilentMs = 4 * heartbeatMs;
const silenceMs = ({ heartbeatAt }: HolderFile, clock: Clock): number => clock.now() - Date.parse(heartbeatAt);

function busyError(request: LockRequest, cause: unknown): AppError {
  const holder = readHolderFile(request.folder, request.name);
  const who = holder === null ? 'Another process' : `Process ${holder.pid} on ${holder.host} (${holder.what})`;
  const since = holder === null ? '' : ` since ${holder.startedAt}`;
  const ageMs = holder === null ? 0 : silenceMs(holder, request.clock);
  const silent = ageMs > mostSilentMs ? ` It has given no sign of life for ${Math.round(ageMs / 1000)} s.` : '';
  return new AppError('busy', `${who} is at work on ${request.folder}${since}.${silent}`, {
    hint: silent === '' ? 'Wait until it is done, then try again.' : 'Look at that process; end it if it hangs.',
    cause,
    details: { holder },
  });
}

interface HolderFile extends LockHolder {
  readonly heartbeatAt: string;
}

const holderFile = (folder: string, name: LockName): string => join(folder, `${name}.json`);

function readHolderFile(folder: string, name: LockName): HolderFile | null {
  try {
    const value: unknown = JSON.parse(readFileSync(holderFile(folder, name), 'utf8'));
    return isHolder(value) ? value : null;
  } catch (error) {
    // The holder has not written it yet, or has just removed it: the lock itself is what counts.
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function isHolder(value: unknown): value is HolderFile {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, host, startedAt, what, heartbeatAt } = value as Partial<Record<keyof HolderFile, unknown>>;
  return typeof pid === 'number' && [host, startedAt, what, heartbeatAt].every((field) => typeof field === 'string');
}

function announceHolder({ folder, name, what, clock }: LockRequest): () => void {
  const startedAt = new Date(clock.now()).toISOString();
  const write = (): void => {
    const heartbeatAt = new Date(clock.now()).toISOString();
    const holder: HolderFile = { pid: process.pid, host: hostname(), startedAt, what, heartbeatAt };
    try {
      replaceFile(holderFile(folder, name), JSON.stringify(holder));
    } catch (error) {
      // A full disk must not end the work of the holder; the lock does not depend on this file.
      process.emitWarning(`The holder of ${name} could not be written: ${String(error)}`);
    }
  };
  write();
  const timer = setInterval(write, heartbeatMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    try {
      rmSync(holderFile(folder, name), { force: true });
    } catch (error) {
      // The file says nothing once the lock is released; work that is done must not fail by it.
      process.emitWarning(`The holder of ${name} could not be removed: ${String(error)}`);
    }
  };
}

/** SQLite says only "unable to open": what the system has against a new file in that folder is found out by making one. */
function openFailure(error: unknown, folder: string): unknown {
  if (!/^SQLITE_(CANTOPEN|READONLY)/.test(systemErrorCode(error) ?? '')) return error;
  const probe = join(folder, `probe-${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeNewFile(probe, Buffer.from('probe'));
  } catch (reason) {
    return reason;
  } finally {
    rmSync(probe, { force: true });
  }
  return Object.assign(new Error('the lock file can not be opened', { cause: error }), { code: 'EACCES' });
}
