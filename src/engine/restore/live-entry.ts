import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { CodeEntry } from '../code/code-entry.ts';
import { hashSource } from '../platform/hash-source.ts';
import type { SourceEntry } from './code-source.ts';

/** What lies in the root where the snapshot has an entry. */
export interface LiveEntry {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes: number;
  readonly mode: number;
  /** Same kind, content and target; the mode may differ. */
  readonly isSame: boolean;
}

/** What compares: a walk's entry, or what lstat sees where no walk has been. */
export type SeenEntry = Pick<CodeEntry, 'size' | 'mode' | 'ino' | 'dev' | 'ctimeNs' | 'target'> & {
  readonly kind: LiveEntry['kind'];
};

/** Compares what lies at a path with an entry of a snapshot; undefined where nothing does. Never follows a link. */
export function compareLive(path: string, entry: SourceEntry, seen = see(path)): LiveEntry | undefined {
  if (seen === undefined) return undefined;
  const { kind, size, mode } = seen;
  return { kind, bytes: size, mode, isSame: isSame(path, seen, entry) };
}

function see(path: string): SeenEntry | undefined {
  const stats = lookAt(path);
  if (stats === undefined) return undefined;
  const kind = kindOf(stats);
  return {
    kind,
    size: kind === 'file' ? Number(stats.size) : 0,
    mode: Number(stats.mode & 0o7777n),
    ino: stats.ino,
    dev: stats.dev,
    ctimeNs: stats.ctimeNs,
    ...(kind === 'link' ? { target: readlinkSync(path) } : {}),
  };
}

export function lookAt(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function kindOf(stats: BigIntStats): LiveEntry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

function isSame(path: string, seen: SeenEntry, entry: SourceEntry): boolean {
  if (seen.kind !== entry.kind) return false;
  if (seen.kind === 'link') return seen.target === entry.target;
  if (seen.kind === 'folder') return true;
  if (seen.size !== entry.size) return false;
  // A file that has not been touched since the snapshot read it need not be read again.
  if (seen.ino === entry.ino && seen.ctimeNs === entry.ctimeNs) return true;
  return hashSource(path, seen) === entry.sha256;
}
