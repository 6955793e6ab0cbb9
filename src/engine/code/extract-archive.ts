import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { entryModule } from '../platform/entry-module.ts';
import { runInThread, type ThreadModule } from '../platform/worker-pool.ts';
import type { CodeIndex, IndexEntry } from './code-index.ts';
import { DamagedEntryError } from './damaged-entry.ts';
import { damagedArchive, extractFailure } from './extract-failure.ts';
import type { ExtractJob, ExtractResult } from './extract-job.ts';
import { type NameFolding, probeNameFolding } from './name-folding.ts';
import { finishFolders, isEmptyFolder, makeFolders, makeLinks } from './new-tree.ts';
import { type ExtractionPlan, planExtraction } from './plan-extraction.ts';

const extractWorker: ThreadModule<ExtractJob, ExtractResult> = {
  url: entryModule('./extract-worker', import.meta.url),
};

export interface ExtractOptions {
  readonly archiveFile: string;
  /** Verified: its hash is that of the manifest. */
  readonly index: CodeIndex;
  /** Which entries to unpack; all when it is left out. The parents of what is wanted come along. */
  readonly wanted?: (entry: IndexEntry) => boolean;
  /** An empty folder, 0700, by its real path. When unpacking fails, what is in it is worth nothing. */
  readonly target: string;
  /** Whether every file and folder is flushed to the disk. */
  readonly fsync: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
  /** How the target's file system compares names; found out by trying when it is left out. */
  readonly folding?: NameFolding;
}

export interface Extraction {
  readonly files: number;
  readonly folders: number;
  readonly links: number;
  /** Of file contents. */
  readonly bytes: number;
  /** Packs that were read. */
  readonly packs: number;
}

/**
 * Unpacks our own archive, in several threads. The hash of each pack and of each content is checked before a file
 * counts as written, and tar headers must say what the index says; anything else is a `snapshot-damaged` that names the
 * entry. Only packs that hold wanted entries are read. Links are made last and never followed.
 */
export async function extractArchive(options: ExtractOptions): Promise<Extraction> {
  const { archiveFile, index, target, fsync, signal } = options;
  signal.throwIfAborted();
  if (!isEmptyFolder(target)) throw new AppError('target-exists', `${target} is not an empty folder.`);
  try {
    const plan = planExtraction(index, options.wanted ?? (() => true), options.folding ?? probeNameFolding(target));
    const fd = openArchive(archiveFile, index);
    try {
      makeFolders(target, plan.folders, signal);
      await extractFiles(options, plan, fd);
    } finally {
      closeSync(fd);
    }
    makeLinks(target, plan.links, signal);
    finishFolders(target, plan.folders, { fsync, signal });
    return {
      files: plan.files,
      folders: plan.folders.length,
      links: plan.links.length,
      bytes: plan.bytes,
      packs: plan.groups.reduce((sum, { packCount }) => sum + packCount, 0),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DamagedEntryError) throw damagedArchive(archiveFile, error.path, error.message, error);
    throw extractFailure(error, target);
  }
}

/** Not through a link, and of exactly the length that the packs add up to. */
function openArchive(archiveFile: string, index: CodeIndex): number {
  const fd = openNoFollow(archiveFile);
  const expected = index.packs.reduce((sum, { bytes }) => sum + bytes, 0);
  const stats = fstatSync(fd);
  if (stats.isFile() && stats.size === expected) return fd;
  closeSync(fd);
  throw new DamagedEntryError('', `it has ${stats.size} bytes instead of ${expected}`);
}

function openNoFollow(archiveFile: string): number {
  try {
    return openSync(archiveFile, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new DamagedEntryError('', `it can not be opened (${code})`);
  }
}

async function extractFiles(options: ExtractOptions, plan: ExtractionPlan, fd: number): Promise<void> {
  const { archiveFile, index, target, fsync, signal, onProgress } = options;
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const stopAll = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
  let done = 0;
  signal.addEventListener('abort', stopAll);
  try {
    const jobs = plan.groups.map(async ({ firstPack, packCount, entries }) => {
      const packs = index.packs.slice(firstPack, firstPack + packCount);
      const result = await runInThread(extractWorker, { fd, target, packs, entries, fsync, stop }).catch(
        (error: unknown) => {
          stopAll();
          throw error;
        },
      );
      if (result.kind === 'stopped') return;
      if (result.kind !== 'extracted') {
        stopAll();
        throw toError(result, archiveFile);
      }
      done += result.bytes;
      onProgress?.({ phase: 'code', done, total: plan.bytes, unit: 'bytes', subject: entries.at(-1)?.path ?? '' });
    });
    // All of them end before the archive is closed: its descriptor could become another file's.
    const failed = (await Promise.allSettled(jobs)).find(({ status }) => status === 'rejected');
    signal.throwIfAborted();
    if (failed?.status === 'rejected') throw failed.reason;
  } finally {
    signal.removeEventListener('abort', stopAll);
  }
}

function toError(result: Extract<ExtractResult, { kind: 'damaged' | 'failed' }>, archiveFile: string): unknown {
  if (result.kind === 'damaged') return damagedArchive(archiveFile, result.path, result.reason);
  const cause = Object.assign(new Error(result.reason), { code: result.systemCode });
  return extractFailure(cause, result.path === '' ? archiveFile : result.path);
}
