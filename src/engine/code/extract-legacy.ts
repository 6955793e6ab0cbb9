import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { chmod, copyFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { syncFile } from '../platform/durable-file.ts';
import { DamagedEntryError } from './damaged-entry.ts';
import { damagedArchive, extractFailure } from './extract-failure.ts';
import type { LegacyTask } from './legacy-messages.ts';
import { runLegacyThread } from './legacy-thread.ts';
import { type NameFolding, probeNameFolding } from './name-folding.ts';
import { toSeconds } from './new-files.ts';
import { finishFolders, isEmptyFolder, makeFolders, makeLinks } from './new-tree.ts';
import {
  createLegacyPlanner,
  type LeftOut,
  type LegacyCopy,
  type LegacyLimits,
  type LegacyPlan,
} from './plan-legacy.ts';

export interface ExtractLegacyOptions {
  readonly archiveFile: string;
  /** An empty folder, 0700, by its real path. When unpacking fails, what is in it is worth nothing. */
  readonly target: string;
  /** What is not wanted, by its path in the archive; what lies in an excluded folder isn't either. */
  readonly isExcluded: (path: string) => boolean;
  readonly limits: LegacyLimits;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Whether every file and folder is flushed to the disk. */
  readonly fsync?: boolean;
  /** How the target's file system compares names; found out by trying when it is left out. */
  readonly folding?: NameFolding;
}

export interface LegacyExtraction {
  /** Copies of hard-linked files included. */
  readonly files: number;
  readonly folders: number;
  readonly links: number;
  readonly bytes: number;
  readonly excluded: { readonly entries: number; readonly bytes: number };
  /** Entries that could do harm, or that mean different things to different programs. */
  readonly refused: readonly LeftOut[];
  /** Devices, FIFOs and kinds that we don't know. */
  readonly skipped: readonly LeftOut[];
}

/** What is excluded costs time, not space: it may inflate to this, or to a hundred times the archive. */
const excludedBytes = 1024 ** 3;

/**
 * Unpacks an archive of v1.5, or of anyone: it is read twice, first to decide by the headers alone, then to write what
 * was decided. Nothing is written outside the target, through a link, or over a file. What is left out is named; an
 * archive that is damaged, endless or larger than the limits is a `snapshot-damaged` that names the entry.
 */
export async function extractLegacy(options: ExtractLegacyOptions): Promise<LegacyExtraction> {
  const { archiveFile, target, signal, fsync = false } = options;
  signal.throwIfAborted();
  if (!isEmptyFolder(target)) throw new AppError('target-exists', `${target} is not an empty folder.`);
  try {
    const fd = openArchive(archiveFile);
    try {
      const plan = await scan(options, fd);
      makeFolders(target, plan.folders, signal);
      await writeFiles(options, fd, plan);
      for (const copy of plan.copies) await makeCopy(target, copy, fsync);
      makeLinks(target, plan.links, signal);
      finishFolders(target, plan.folders, { fsync, signal });
      return describe(plan);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DamagedEntryError) throw damagedArchive(archiveFile, error.path, error.message, error);
    throw extractFailure(error, target);
  }
}

function openArchive(archiveFile: string): number {
  try {
    const fd = openSync(archiveFile, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new DamagedEntryError('', `it can not be opened (${code})`);
  }
  throw new DamagedEntryError('', 'it is not a regular file');
}

async function scan(options: ExtractLegacyOptions, fd: number): Promise<LegacyPlan> {
  const { isExcluded, limits, target, folding } = options;
  const planner = createLegacyPlanner({
    isExcluded,
    limits,
    maxPathBytes: longestPath - Buffer.byteLength(target) - 2,
  });
  const task: LegacyTask = { kind: 'scan', fd, maxRawBytes: maxRawBytes(fd, limits) };
  await runLegacyThread(task, {
    ...options,
    onMessage: (message) => {
      if (message.kind === 'entries') for (const entry of message.entries) planner.add(entry);
    },
  });
  return planner.plan(folding ?? probeNameFolding(target));
}

async function writeFiles(options: ExtractLegacyOptions, fd: number, plan: LegacyPlan): Promise<void> {
  const { target, limits, fsync = false, onProgress } = options;
  const total = fstatSync(fd).size;
  const task: LegacyTask = {
    kind: 'write',
    fd,
    maxRawBytes: maxRawBytes(fd, limits),
    target,
    files: plan.files,
    fsync,
  };
  await runLegacyThread(task, {
    ...options,
    onMessage: (message) => {
      if (message.kind !== 'progress') return;
      onProgress?.({ phase: 'code', done: message.bytes, total, unit: 'bytes', subject: message.subject });
    },
  });
}

/** PATH_MAX, its final zero included. */
const longestPath = process.platform === 'darwin' ? 1024 : 4096;

/** Tar headers and padding included, which is most of what small files are. */
function maxRawBytes(fd: number, limits: LegacyLimits): number {
  return limits.bytes + limits.entries * 2048 + Math.max(excludedBytes, fstatSync(fd).size * 100);
}

/** A hard link becomes a file of its own. */
async function makeCopy(target: string, { path, from }: LegacyCopy, fsync: boolean): Promise<void> {
  const copy = join(target, path);
  const original = join(target, from.path);
  // Its own mode may keep even us from reading it.
  await chmod(original, 0o600);
  await copyFile(original, copy, constants.COPYFILE_EXCL);
  if (fsync) syncFile(copy);
  for (const file of [original, copy]) await chmod(file, from.mode);
  const seconds = toSeconds(from.mtimeNs);
  await utimes(copy, seconds, seconds);
}

function describe({ files, copies, folders, links, bytes, excluded, refused, skipped }: LegacyPlan): LegacyExtraction {
  return {
    files: files.length + copies.length,
    folders: folders.length,
    links: links.length,
    bytes,
    excluded,
    refused,
    skipped,
  };
}
