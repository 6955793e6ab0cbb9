import type { BigIntStats } from 'node:fs';
import { lstatSync } from 'node:fs';
import type { Skipped, SkipReason, Warning } from '../../shared/model.ts';
import type { CodeEntry, Walk } from './code-entry.ts';
import { joinPath } from './include-list.ts';
import { escapeBytes } from './list-names.ts';
import type { TouchedHint } from './walk-options.ts';
import { findExclude, findIgnore, type Scope } from './walk-scope.ts';

/** Gathers what a walk finds, in archive order. */
export interface WalkResult {
  /** A folder's entry; its contents follow, until `endFolder`. Undefined for the root, which is no entry. */
  beginFolder(folder: { readonly path: string; readonly stats: BigIntStats } | undefined): void;
  /** Ends the folder begun last; without `keepEmpty` it is no entry when nothing in it is. */
  endFolder(keepEmpty: boolean): void;
  addFile(path: string, stats: BigIntStats): void;
  addLink(path: string, stats: BigIntStats, target: string): void;
  addIgnored(path: string, stats: BigIntStats): void;
  addEnv(path: string): void;
  skip(path: string, reason: SkipReason, detail?: string): void;
  /** Lists a path that the system refused, by the error's code. */
  skipFailed(path: string, code: string): void;
  /** Lists a name that is not UTF-8, unless rules leave it out. */
  skipName(folder: string, name: Buffer, scope: Scope): void;
  readonly warn: (warning: Warning) => void;
  fileCount(): number;
  finish(): Walk;
}

/** Beyond this many ignored files only those are kept that could be databases. */
const manyIgnored = 100_000;

interface FolderPlace {
  /** Where its entry is; -1 for the root. */
  readonly place: number;
  newestNs: bigint | undefined;
}

export function createWalkResult(root: string, onTouched?: TouchedHint): WalkResult {
  const entries: CodeEntry[] = [];
  const ignoredFiles: CodeEntry[] = [];
  const envPaths: string[] = [];
  const skipped: Skipped[] = [];
  const warnings: Warning[] = [];
  const folders: FolderPlace[] = [];
  let files = 0;
  const touchedAfterNs = onTouched === undefined ? undefined : BigInt(onTouched.sinceMs) * 1_000_000n;
  let isNoticed = false;

  const add = (entry: CodeEntry): void => {
    entries.push(entry);
    files += 1;
    if (!isNoticed && touchedAfterNs !== undefined && entry.ctimeNs > touchedAfterNs) {
      isNoticed = true;
      onTouched?.notice();
    }
    raiseNewest(folders.at(-1), entry.mtimeNs);
  };
  const skip: WalkResult['skip'] = (path, reason, detail) =>
    void skipped.push(detail === undefined ? { path, reason } : { path, reason, detail });

  return {
    beginFolder(folder) {
      folders.push({ place: folder === undefined ? -1 : entries.length, newestNs: undefined });
      if (folder !== undefined) entries.push(toEntry(folder.path, 'folder', folder.stats));
    },
    endFolder(keepEmpty) {
      const folder = folders.pop();
      const entry = folder === undefined ? undefined : entries[folder.place];
      if (folder === undefined || entry === undefined) return;
      if (!keepEmpty && folder.place === entries.length - 1) entries.pop();
      if (folder.newestNs === undefined) return;
      entries[folder.place] = { ...entry, mtimeNs: folder.newestNs, ctimeNs: folder.newestNs };
      raiseNewest(folders.at(-1), folder.newestNs);
    },
    addFile: (path, stats) => add(toEntry(path, 'file', stats)),
    addLink: (path, stats, target) => add({ ...toEntry(path, 'link', stats), target }),
    addIgnored(path, stats) {
      if (ignoredFiles.length < manyIgnored || couldBeDatabase(stats)) ignoredFiles.push(toEntry(path, 'file', stats));
    },
    addEnv: (path) => void envPaths.push(path),
    skip,
    skipFailed(path, code) {
      if (code === 'ENOENT' || code === 'ENOTDIR') skip(path, 'vanished');
      else skip(path, 'unreadable', code);
    },
    skipName(folder, name, scope) {
      const absolute = Buffer.concat([Buffer.from(`${root}/${joinPath(folder, '')}`), name]);
      const isFolder = lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
      const bytes = name.toString('latin1');
      if (findExclude(scope, bytes, isFolder) ?? findIgnore(scope, bytes, isFolder)) return;
      skip(joinPath(folder, escapeBytes(name)), 'name');
    },
    warn: (warning) => void warnings.push(warning),
    fileCount: () => files,
    finish: () => ({ entries, ignoredFiles, envPaths, skipped, warnings }),
  };
}

function raiseNewest(folder: FolderPlace | undefined, mtimeNs: bigint): void {
  if (folder === undefined) return;
  if (folder.newestNs === undefined || mtimeNs > folder.newestNs) folder.newestNs = mtimeNs;
}

/** SQLite's pages are at least 512 bytes, and a power of two. */
function couldBeDatabase(stats: BigIntStats): boolean {
  return stats.size > 0n && stats.size % 512n === 0n;
}

function toEntry(path: string, kind: CodeEntry['kind'], stats: BigIntStats): CodeEntry {
  return {
    path,
    kind,
    size: kind === 'file' ? Number(stats.size) : 0,
    mode: Number(stats.mode & 0o7777n),
    mtimeNs: stats.mtimeNs,
    // A folder's own ctime moves with ignored files in it, so its mtime stands for both.
    ctimeNs: kind === 'folder' ? stats.mtimeNs : stats.ctimeNs,
    ino: stats.ino,
    dev: stats.dev,
  };
}
