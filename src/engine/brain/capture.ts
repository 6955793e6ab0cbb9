import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { Warning } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { type FindOpenHandles, findOpenHandles } from '../platform/open-handles.ts';
import { type CaptureLimits, createCaptureLimits } from './capture-limits.ts';
import { type CopiedSource, defaultHoldPolicy, type HoldPolicy } from './copied-source.ts';
import { copySource } from './copy-source.ts';
import { databaseError, requireDatabaseFile } from './database-errors.ts';
import type { TableFact } from './database-facts.ts';
import type { SqliteFile } from './inspect.ts';
import { openDatabase, refuseOddName } from './open-database.ts';
import { isHeldByAnyone, recoverSource } from './recover-source.ts';
import { type FileSystemType, sourceWarnings, systemFileSystemType } from './source-warnings.ts';
import { formatSqliteVersion, hasWalResetBug, parseSqliteHeader, sqliteHeaderBytes } from './sqlite-header.ts';

export interface CaptureOptions {
  readonly source: string;
  /** Where the copy is to be, in staging; must not exist. */
  readonly target: string;
  /** True for a snapshot that nobody asked for: it never blocks writers for long. */
  readonly automatic: boolean;
  /** Copying speed measured before; 300 MB/s if unknown. */
  readonly expectedBytesPerMs?: number | undefined;
  /** How long the whole capture may take, in milliseconds from now. */
  readonly deadlineMs: number;
  /** How much the source's WAL may grow meanwhile. */
  readonly maxWalBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
  readonly phase?: 'brain' | 'databases' | undefined;
  /** Asked before a hold of more than half a second; without it, a manual capture acts as an automatic one. */
  readonly confirmHold?: ((predictedMs: number) => Promise<boolean>) | undefined;
  /** How long to wait for another program's lock. */
  readonly lockWaitMs?: number | undefined;
  readonly holdPolicy?: Partial<HoldPolicy> | undefined;
  readonly findHandles?: FindOpenHandles | undefined;
  readonly fileSystemType?: FileSystemType | undefined;
  /** Monotonic milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** What was copied. The tables and the counts are those of the very moment that the copy shows. */
export interface Capture {
  readonly pageSize: number;
  readonly pageCount: number;
  /** Of the source: `wal` or `delete`. The copy keeps it until it is checked. */
  readonly journalMode: 'wal' | 'delete';
  /** Permission bits and owner of the source. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly lockHeldMs: number;
  readonly tables: readonly TableFact[];
  readonly userVersion: number;
  /** sha256 over the schema's statements; empty when the schema is damaged. */
  readonly schemaHash: string;
  /** From the file's header, before the copy. */
  readonly changeCounter: number;
  /** True when the source could not be read where it lies, and a private copy was: see warnings for unfinished work. */
  readonly recovered: boolean;
  /** Version of the SQLite library that wrote the source last, such as `3.44.2`. */
  readonly writerVersion: string;
  /** True when the source has a WAL and that library may corrupt one (sqlite.org/wal.html, 8.1). */
  readonly walResetRisk: boolean;
  /** How often the copy began again, and the longest step. */
  readonly restarts: number;
  readonly longestStepMs: number;
  readonly warnings: readonly Warning[];
}

/** Where the pages come from: the source itself, or a recovered copy of it. */
interface Route {
  readonly copied: CopiedSource;
  readonly recovered: boolean;
}

const defaultBytesPerMs = 300_000;
const defaultLockWaitMs = 5000;
/** One statement blocks this thread for no longer. */
const busyTimeoutMs = 100;

/**
 * Copies a live SQLite database as it is at one moment, through SQLite, to a new file that only we can read (0600).
 * The source is never written. Throws an AppError, and then leaves no target. The copy still has to be checked.
 */
export async function captureDatabase(options: CaptureOptions): Promise<Capture> {
  refuseOddName(options.target);
  const file = requireDatabaseFile(options.source);
  refuseOddName(file.path);
  const limits = createCaptureLimits({ ...options, source: file.path, now: options.now ?? (() => performance.now()) });
  limits.check();
  const targetFd = createTarget(options.target);
  let captured = false;
  try {
    const route = await copyByRoute(file, options, targetFd, limits);
    refuseReplaced(options.source, file, route.recovered);
    const capture = describeCapture(file, route, targetFd, options);
    captured = true;
    return capture;
  } catch (error) {
    throw databaseError(file.path, error);
  } finally {
    closeSync(targetFd);
    removeLeftovers(options.target, captured);
  }
}

function createTarget(target: string): number {
  const fd = openSync(target, 'wx+', 0o600);
  fchmodSync(fd, 0o600);
  return fd;
}

async function copyByRoute(
  file: SqliteFile,
  options: CaptureOptions,
  targetFd: number,
  limits: CaptureLimits,
): Promise<Route> {
  const findHandles = options.findHandles ?? findOpenHandles;
  if (!(await isAtRestWithoutSideFiles(file, findHandles))) {
    try {
      return { copied: await copyDirectly(file.path, file, options, targetFd, limits), recovered: false };
    } catch (error) {
      if (!needsRecovery(error)) throw error;
    }
  }
  const folder = recoveryFolder(options.target);
  const recoveredPath = await recoverSource({ source: file.path, folder, findHandles, signal: options.signal });
  return { copied: await copyDirectly(recoveredPath, file, options, targetFd, limits), recovered: true };
}

/** Opening such a WAL database would make side files beside it, or fail; when nobody holds it, a copy is as good. */
async function isAtRestWithoutSideFiles(file: SqliteFile, findHandles: FindOpenHandles): Promise<boolean> {
  if (file.header.journalMode !== 'wal') return false;
  if (existsSync(`${file.path}-wal`) && existsSync(`${file.path}-shm`)) return false;
  return !(await isHeldByAnyone(file.path, findHandles));
}

/** A read-only connection can't roll back a hot journal, nor recover a WAL in a folder that it can't write. */
function needsRecovery(error: unknown): boolean {
  return /^SQLITE_(READONLY|CANTOPEN)/.test(systemErrorCode(error) ?? '');
}

async function copyDirectly(
  path: string,
  file: SqliteFile,
  options: CaptureOptions,
  targetFd: number,
  limits: CaptureLimits,
): Promise<CopiedSource> {
  const { pageSize, journalMode } = file.header;
  const own = path !== file.path;
  const source = openDatabase(path, { busyTimeoutMs, writable: own });
  try {
    return await copySource(source, {
      target: options.target,
      targetFd,
      pageSize,
      journalMode: own ? 'wal' : journalMode,
      automatic: options.automatic,
      expectedBytesPerMs: options.expectedBytesPerMs ?? defaultBytesPerMs,
      lockWaitMs: options.lockWaitMs ?? defaultLockWaitMs,
      policy: { ...defaultHoldPolicy, ...options.holdPolicy },
      limits,
      confirmHold: options.confirmHold,
      onProgress: (donePages, totalPages) => reportPages(options, pageSize, donePages, totalPages),
    });
  } finally {
    source.close();
  }
}

function reportPages(options: CaptureOptions, pageSize: number, donePages: number, totalPages: number): void {
  const phase = options.phase ?? 'brain';
  const done = donePages * pageSize;
  options.onProgress?.({ phase, done, total: totalPages * pageSize, unit: 'bytes', subject: options.source });
}

/** While SQLite has the source open, its inode is taken; a private copy leaves it free to be used for another file. */
function refuseReplaced(source: string, { stats }: SqliteFile, recovered: boolean): void {
  const now = lstatSync(resolveUnlessGone(source), { bigint: true, throwIfNoEntry: false });
  const same = now !== undefined && now.dev === stats.dev && now.ino === stats.ino;
  if (same && (!recovered || now.birthtimeNs === stats.birthtimeNs)) return;
  throw new AppError('brain-replaced', `The database ${source} was replaced while it was copied.`, {
    hint: 'Try again once the program that replaces it has finished.',
    details: { path: source },
  });
}

function resolveUnlessGone(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return path;
    throw error;
  }
}

function describeCapture(
  file: SqliteFile,
  { copied, recovered }: Route,
  targetFd: number,
  options: CaptureOptions,
): Capture {
  const { stats, header } = file;
  const { facts, pages } = copied;
  const pageSize = provenPageSize(options, targetFd, pages.totalPages);
  if (facts !== undefined && facts.pageCount !== pages.totalPages) {
    throw new AppError('io', `SQLite copied ${pages.totalPages} of ${facts.pageCount} pages of ${file.path}.`);
  }
  return {
    pageSize,
    pageCount: pages.totalPages,
    journalMode: header.journalMode,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    dev: stats.dev,
    ino: stats.ino,
    lockHeldMs: recovered ? 0 : copied.lockHeldMs,
    tables: facts?.tables ?? [],
    userVersion: facts?.userVersion ?? 0,
    schemaHash: facts?.schemaHash ?? '',
    changeCounter: header.changeCounter,
    recovered,
    writerVersion: formatSqliteVersion(header.writerVersion),
    walResetRisk: header.journalMode === 'wal' && hasWalResetBug(header.writerVersion),
    restarts: pages.restarts,
    longestStepMs: pages.longestStepMs,
    warnings: captureWarnings(file, facts === undefined, recovered, options),
  };
}

/** The page size that the copy itself states, if the copy has just as many bytes as it should. */
function provenPageSize({ source, target }: CaptureOptions, targetFd: number, totalPages: number): number {
  const start = Buffer.alloc(sqliteHeaderBytes);
  readSync(targetFd, start, 0, start.length, 0);
  const pageSize = parseSqliteHeader(start)?.pageSize ?? 0;
  const { size } = fstatSync(targetFd);
  if (totalPages > 0 && size === totalPages * pageSize) return pageSize;
  throw new AppError('io', `The copy of ${source} has ${size} bytes, not ${totalPages} pages of ${pageSize}.`, {
    hint: 'Check the disk that holds the backups, then try again.',
    details: { source, target },
  });
}

function captureWarnings(
  file: SqliteFile,
  schemaDamaged: boolean,
  recovered: boolean,
  options: CaptureOptions,
): Warning[] {
  const warnings = sourceWarnings(file.path, file.stats, options.fileSystemType ?? systemFileSystemType);
  if (schemaDamaged) {
    warnings.push({
      code: 'database-damaged',
      message: `The schema of ${file.path} is damaged; it was copied as it is.`,
    });
  }
  if (recovered && hasUnfinishedWork(file.path)) {
    const message = `${file.path} was not closed cleanly; a copy of it was recovered, and the file left as it is.`;
    warnings.push({ code: 'database-recovered', message });
  }
  return warnings;
}

/** A WAL database that was closed in order has no side files: its copy had nothing to recover. */
function hasUnfinishedWork(path: string): boolean {
  return ['-journal', '-wal'].some((suffix) => (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0) > 0);
}

const recoveryFolder = (target: string): string => `${target}.recovery`;

function removeLeftovers(target: string, keepTarget: boolean): void {
  for (const suffix of ['-journal', '-wal', '-shm']) rmSync(target + suffix, { force: true });
  rmSync(recoveryFolder(target), { recursive: true, force: true });
  if (!keepTarget) rmSync(target, { force: true });
}
