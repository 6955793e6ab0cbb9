import { type BigIntStats, constants, type Stats } from 'node:fs';
import {
  chmod,
  copyFile,
  lchown,
  lstat,
  lutimes,
  mkdir,
  readdir,
  readlink,
  rm,
  symlink,
  utimes,
} from 'node:fs/promises';
import { AppError, systemErrorCode } from '../../../shared/app-error.ts';
import { isOpenThroughSqlite } from '../../platform/open-file.ts';
import { cloneWithCp } from './clone-folder.darwin.ts';

export interface CloneOptions {
  readonly signal: AbortSignal;
  /** Called now and then with how many files and links are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export interface CloneResult {
  /** Files and links; 0 where the system's own cp did it. */
  readonly files: number;
  /** Sockets, FIFOs and devices, which are left out. */
  readonly skipped: readonly string[];
}

/**
 * Copies a folder (or a single file or link) with links as links, modes and times kept (times to a microsecond: Node
 * takes them as floating-point seconds), sharing the blocks where the file system can. `target` must not exist; a failed or cancelled clone leaves nothing there. Never follows a link.
 */
export async function cloneFolder(source: string, target: string, options: CloneOptions): Promise<CloneResult> {
  options.signal.throwIfAborted();
  await refuseExisting(target);
  try {
    if (process.platform === 'darwin' && (await cloneWithCp(source, target, options.signal))) {
      return { files: 0, skipped: [] };
    }
    return await copyTree(source, target, options);
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    if (systemErrorCode(error) === undefined || error instanceof AppError) throw error;
    throw new AppError('io', `${source} could not be copied to ${target}: ${systemErrorCode(error)}.`, {
      hint: 'Nothing was changed. Check the permissions and the free space of the disk, then try again.',
      cause: error,
    });
  }
}

async function refuseExisting(target: string): Promise<void> {
  try {
    await lstat(target);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  throw new AppError('target-exists', `${target} exists already.`, { hint: 'Move it away, then try again.' });
}

/** Names are kept as bytes: they need not be UTF-8. */
interface Pair {
  readonly source: Buffer;
  readonly target: Buffer;
}

interface Copy {
  readonly waiting: Pair[];
  /** Folders, each after the one it lies in. Their modes and times are set last: writing into them changes both. */
  readonly folders: { readonly path: Buffer; readonly stats: Stats }[];
  readonly skipped: string[];
  files: number;
}

/** The thread pool of Node has four threads; a few more keep them busy. */
const workers = 8;

async function copyTree(source: string, target: string, { signal, onProgress }: CloneOptions): Promise<CloneResult> {
  const copy: Copy = {
    waiting: [{ source: Buffer.from(source), target: Buffer.from(target) }],
    folders: [],
    skipped: [],
    files: 0,
  };
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  let busy = 0;
  const idle: (() => void)[] = [];
  const work = async (): Promise<void> => {
    while (!stop.aborted) {
      const next = copy.waiting.pop();
      if (next !== undefined) {
        busy += 1;
        await copyEntry(next, copy).finally(() => {
          busy -= 1;
          for (const wake of idle.splice(0)) wake();
        });
        if (copy.files % 200 === 0) onProgress?.(copy.files);
      } else if (busy > 0) await new Promise<void>((resolve) => idle.push(resolve));
      else return;
    }
  };
  const guarded = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failed.abort();
      throw error;
    }
  };
  // All have to end before anything is removed again.
  const ends = await Promise.allSettled(Array.from({ length: workers }, guarded));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  signal.throwIfAborted();
  for (const { path, stats } of copy.folders.reverse()) await finish(path, stats);
  return { files: copy.files, skipped: copy.skipped };
}

async function copyEntry({ source, target }: Pair, copy: Copy): Promise<void> {
  const stats = await lstat(source);
  if (stats.isDirectory()) {
    await mkdir(target, { mode: 0o700 });
    copy.folders.push({ path: target, stats });
    for (const name of await readdir(source, { encoding: 'buffer' })) {
      copy.waiting.push({ source: joinBytes(source, name), target: joinBytes(target, name) });
    }
    return;
  }
  if (stats.isSymbolicLink()) {
    await symlink(await readlink(source, { encoding: 'buffer' }), target);
    await keepOwner(target, stats);
    await lutimes(target, stats.atimeMs / 1000, stats.mtimeMs / 1000);
  } else if (stats.isFile()) {
    refuseDatabase(source, await lstat(source, { bigint: true }));
    await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await finish(target, stats);
  } else {
    copy.skipped.push(source.toString());
    return;
  }
  copy.files += 1;
}

function refuseDatabase(path: Buffer, stats: BigIntStats): void {
  if (isOpenThroughSqlite(stats)) throw new AppError('io', `${path} is open as a database in this process.`);
}

async function finish(path: Buffer, stats: Stats): Promise<void> {
  await keepOwner(path, stats);
  await chmod(path, stats.mode & 0o7777);
  await utimes(path, stats.atimeMs / 1000, stats.mtimeMs / 1000);
}

/** Only root can give files away; for others every file that they write is theirs. */
async function keepOwner(path: Buffer, { uid, gid }: Stats): Promise<void> {
  if (process.getuid?.() === 0) await lchown(path, uid, gid);
}

const joinBytes = (folder: Buffer, name: Buffer): Buffer => Buffer.concat([folder, Buffer.from('/'), name]);
