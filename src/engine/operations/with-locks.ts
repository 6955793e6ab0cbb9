import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { LockHolder } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { restoresFolder } from '../folders.ts';
import { acquireLock, createLockFile, type Lock, type LockRequest, readHolder } from '../platform/locks.ts';
import { writeFailure } from '../platform/system-failure.ts';
import { markBackups, prepareBackups, requireBackups } from '../snapshot/prepare-backups.ts';
import { sweep } from '../snapshot/staging.ts';

/** For who restores: a snapshot of a large Brain takes that long, and none is worth giving up a restore. */
export const restoreWaitMs = 30_000;

export const locksFolder = (backups: string): string => join(backups, '.locks');

/** Runs `work` as the one writer of the backups folder, after sweeping what a crash left. `waitMs` 0 does not wait. */
export async function asWriter<T>(
  context: EngineContext,
  what: string,
  work: () => Promise<T>,
  waitMs = 0,
): Promise<T> {
  const backups = context.backups();
  const lock = await acquireLock({
    folder: locksFolder(backups),
    name: 'writer',
    mode: 'exclusive',
    what,
    clock: context.clock,
    waitMs,
  });
  try {
    sweepLeftOvers(context, backups);
    return await work();
  } finally {
    lock.release();
  }
}

/** Runs `work` as the one writer while nobody reads snapshots. AppError `busy` while somebody does. */
export async function asRemover<T>(context: EngineContext, what: string, work: () => Promise<T>): Promise<T> {
  const backups = context.backups();
  return asWriter(context, what, async () => {
    const folder = locksFolder(backups);
    const lock = await acquireLock({ folder, name: 'removal', mode: 'exclusive', what, clock: context.clock });
    try {
      return await work();
    } catch (error) {
      throw writeFailure(error, backups);
    } finally {
      lock.release();
    }
  });
}

/** What can't be swept now is told; the next writer tries again. */
function sweepLeftOvers({ logger }: EngineContext, backups: string): void {
  for (const { name, error } of sweepOrFail(backups)) {
    if (error === undefined) logger.info(`Removed ${name}, which an interrupted run had left.`);
    else logger.warn(`${name}, which an interrupted run had left, can not be removed: ${String(error)}`);
  }
}

function sweepOrFail(backups: string): ReturnType<typeof sweep> {
  try {
    return sweep(backups);
  } catch (error) {
    throw writeFailure(error, backups);
  }
}

/** Runs `work` on published snapshots; none can be removed meanwhile. */
export async function asReader<T>(context: EngineContext, what: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockForReading(context, what);
  try {
    return await work();
  } finally {
    lock?.release();
  }
}

/** The shared removal lock, for a reader that outlives a call; undefined where the folder can't be written. */
export async function lockForReading(context: EngineContext, what: string): Promise<Lock | undefined> {
  const backups = requireBackups(context);
  if (!existsSync(backups)) return undefined;
  try {
    return await acquireLock({
      folder: locksFolder(backups),
      name: 'removal',
      mode: 'shared',
      what,
      clock: context.clock,
      waitMs: 2000,
    });
  } catch (error) {
    // A read-only or full disk can be browsed and verified all the same.
    if (!(error instanceof AppError) || (error.code !== 'backups-unwritable' && error.code !== 'disk-full'))
      throw error;
    context.logger.debug(`Reading without a lock: ${error.message}`);
    return undefined;
  }
}

/** Runs `work` while no restore changes the root. Where the folder beside the root can't be made, none can run either. */
export async function asUserOfRoot<T>(context: EngineContext, what: string, work: () => Promise<T>): Promise<T> {
  const folder = restoresFolder(context.root());
  if (!canMake(folder)) return work();
  const lock = await acquireLock({ folder, name: 'root', mode: 'shared', what, clock: context.clock });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Runs `work` while nobody else uses the root: no snapshot, no other restore. Waits for a snapshot to end. */
export async function asOwnerOfRoot<T>(
  context: EngineContext,
  what: string,
  work: () => Promise<T>,
  { waitMs = 5000, signal }: Pick<LockRequest, 'waitMs' | 'signal'> = {},
): Promise<T> {
  const folder = restoresFolder(context.root());
  const lock = await acquireLock({
    folder,
    name: 'root',
    mode: 'exclusive',
    what,
    clock: context.clock,
    waitMs,
    signal,
  });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Runs `work` as the one watcher of the root. AppError `busy` says who watches it already. */
export async function asWatcher<T>(context: EngineContext, work: () => Promise<T>): Promise<T> {
  const { clock } = context;
  const lock = await acquireLock({
    folder: watchFolder(context),
    name: 'watch',
    mode: 'exclusive',
    what: 'watch',
    clock,
  }).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'busy' ? watchedAlready(context, error) : error;
  });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Who watches the root right now, or null. */
export async function findWatcher(context: EngineContext): Promise<LockHolder | null> {
  const { clock } = context;
  const beside = await readHolder(restoresFolder(context.root()), 'watch', clock);
  return beside ?? readHolder(locksFolder(context.backups()), 'watch', clock);
}

/** Who changes the root right now (restore, undo, recover), or null. */
export async function findRestorer(context: EngineContext): Promise<LockHolder | null> {
  return readHolder(restoresFolder(context.root()), 'root', context.clock);
}

/** Who changes the backups folder right now (snapshot, prune, pin …), or null. */
export async function findWriter(context: EngineContext): Promise<LockHolder | null> {
  return readHolder(locksFolder(context.backups()), 'writer', context.clock);
}

/** In which whoever changes the root says so, while that lasts. */
export const restorerFile = (root: string): string => join(restoresFolder(root), 'root.json');

/** Beside the root; where that can't be written, with the backups. */
function watchFolder(context: EngineContext): string {
  const folder = restoresFolder(context.root());
  return canMake(folder) ? folder : locksFolder(context.backups());
}

function watchedAlready(context: EngineContext, cause: AppError): AppError {
  return new AppError('busy', `${context.root()} is watched already. ${cause.message}`, {
    hint: 'One watcher is enough; end that one first if this one is to take its place.',
    cause,
    details: cause.details,
  });
}

/** Prepares the backups folder for writing, then works as `asWriter`. */
export async function asFirstWriter<T>(
  context: EngineContext,
  what: string,
  work: () => Promise<T>,
  waitMs = 0,
): Promise<T> {
  prepareBackups(context);
  const prepareAndWork = (): Promise<T> => {
    markBackups(context);
    prepareRemoval(context.backups());
    return work();
  };
  return asWriter(context, what, prepareAndWork, waitMs);
}

/** On a disk that is full one day, snapshots must be removable without a new file. */
function prepareRemoval(backups: string): void {
  const folder = locksFolder(backups);
  try {
    createLockFile(folder, 'removal');
  } catch (error) {
    throw writeFailure(error, folder);
  }
}

function canMake(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return true;
  } catch {
    // The parent of the root is not ours to write: a restore needs this folder as much as the lock does.
    return false;
  }
}
