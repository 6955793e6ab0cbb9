import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, reportError } from '../../shared/app-error.ts';
import { type DatabasePart, type Skipped, snapshotFiles, type Warning } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { type Capture, captureDatabase } from '../brain/capture.ts';
import type { CheckProcess } from '../brain/check.ts';
import { failPoint } from '../platform/fail-point.ts';
import type { Staging } from './staging.ts';

export interface CaptureRequest {
  readonly root: string;
  readonly brainPath: string;
  readonly databases: readonly string[];
  readonly staging: Staging;
  readonly automatic: boolean;
  /** Speed at which the Brain was copied last time, for predicting how long its writers would wait. */
  readonly bytesPerMs: number | undefined;
  readonly deadlineMs: number;
  readonly maxWalBytes: number;
  readonly confirmHold: ((predictedMs: number) => Promise<boolean>) | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress | undefined;
}

/** A database that was copied and closed, and waits for its check. */
interface CapturedDatabase {
  readonly path: string;
  readonly file: string;
  readonly capture: Capture;
}

export interface CapturedDatabases {
  readonly brain: CapturedDatabase;
  readonly others: readonly CapturedDatabase[];
  readonly skipped: readonly Skipped[];
  readonly warnings: readonly Warning[];
}

/**
 * Copies the Brain, then every other database, one at a time; all of them are closed when this returns. Without the
 * Brain there is no snapshot, so its failure is thrown; another database that can't be copied is listed as skipped.
 */
export async function captureDatabases(request: CaptureRequest): Promise<CapturedDatabases> {
  const brain = await captureOne(request, request.brainPath, snapshotFiles.brain, 'brain');
  const others: CapturedDatabase[] = [];
  const skipped: Skipped[] = [];
  const warnings: Warning[] = [...brain.capture.warnings];
  const taken = new Map([[`${brain.capture.dev}:${brain.capture.ino}`, request.brainPath]]);
  for (const path of request.databases) {
    const stats = lstatSync(join(request.root, path), { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) {
      skipped.push({ path, reason: 'vanished' });
      continue;
    }
    const same = taken.get(`${stats.dev}:${stats.ino}`);
    if (same !== undefined) {
      // Opening one database by two names gives it two journals, which can corrupt it: sqlite.org/howtocorrupt.html.
      warnings.push({
        code: 'database-hard-link',
        message: `${path} is the same file as ${same}, and is saved as that.`,
      });
      continue;
    }
    taken.set(`${stats.dev}:${stats.ino}`, path);
    try {
      const captured = await captureOne(request, path, `${snapshotFiles.databases}/${path}`, 'databases');
      others.push(captured);
      warnings.push(...captured.capture.warnings);
    } catch (error) {
      if (!(error instanceof AppError) || !isAboutSource(error)) throw error;
      skipped.push({ path, reason: 'unreadable', detail: reportError(error).message });
    }
  }
  return { brain, others, skipped, warnings };
}

/** Has the copies checked by the check process: what the source said must be what the copy holds. */
export async function checkDatabases(
  captured: CapturedDatabases,
  staging: Staging,
  checker: CheckProcess,
  options: { readonly signal: AbortSignal; readonly onProgress: OnProgress | undefined },
): Promise<{ readonly brain: DatabasePart; readonly databases: readonly DatabasePart[] }> {
  const [brain, ...databases] = await Promise.all(
    [captured.brain, ...captured.others].map((database) => checkOne(database, staging, checker, options)),
  );
  if (brain === undefined) throw new Error('the Brain was not checked');
  return { brain, databases };
}

async function captureOne(
  request: CaptureRequest,
  path: string,
  file: string,
  phase: 'brain' | 'databases',
): Promise<CapturedDatabase> {
  const { automatic, bytesPerMs, deadlineMs, maxWalBytes, confirmHold, signal, onProgress } = request;
  const capture = await captureDatabase({
    source: join(request.root, path),
    target: request.staging.place(file),
    automatic,
    deadlineMs,
    maxWalBytes,
    signal,
    phase,
    ...(bytesPerMs !== undefined && { expectedBytesPerMs: bytesPerMs }),
    ...(confirmHold !== undefined && { confirmHold }),
    ...(onProgress !== undefined && { onProgress }),
  });
  failPoint(`captured:${phase}`);
  return { path, file, capture };
}

/** Failures of a source are listed; a full disk, a cancel or a defect ends the snapshot. */
function isAboutSource(error: AppError): boolean {
  return error.code.startsWith('brain-') || error.code === 'capture-timeout';
}

async function checkOne(
  { path, file, capture }: CapturedDatabase,
  staging: Staging,
  checker: CheckProcess,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: OnProgress | undefined },
): Promise<DatabasePart> {
  const check = await checker.checkDatabase({
    file: join(staging.folder, file),
    expected: { pageCount: capture.pageCount, tables: capture.tables },
    signal,
    ...(onProgress !== undefined && { onProgress }),
  });
  const { pageSize, journalMode, mode, uid, gid, schemaHash, lockHeldMs } = capture;
  const { bytes, sha256, pageCount, tables, userVersion, integrity, foreignKeyViolations } = check;
  return {
    file,
    path,
    bytes,
    sha256,
    pageSize,
    pageCount,
    journalMode,
    mode,
    uid,
    gid,
    tables,
    userVersion,
    schemaHash,
    integrity: check.problems.length > 0 && integrity === 'ok' ? check.problems.join('; ') : integrity,
    foreignKeyViolations,
    lockHeldMs,
  };
}
