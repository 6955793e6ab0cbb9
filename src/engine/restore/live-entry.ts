import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { IndexEntry } from '../code/code-index.ts';
import { hashSource } from '../platform/hash-source.ts';

/** What lies in the root where the snapshot has an entry. */
export interface LiveEntry {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes: number;
  readonly mode: number;
  /** Same kind, content and target; the mode may differ. */
  readonly isSame: boolean;
}

/** Compares what lies at a path with an entry of a snapshot; undefined where nothing does. Never follows a link. */
export function compareLive(path: string, entry: IndexEntry): LiveEntry | undefined {
  const stats = lookAt(path);
  if (stats === undefined) return undefined;
  const kind = kindOf(stats);
  const mode = Number(stats.mode & 0o7777n);
  return { kind, bytes: kind === 'file' ? Number(stats.size) : 0, mode, isSame: isSame(path, kind, stats, entry) };
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

function isSame(path: string, kind: LiveEntry['kind'], stats: BigIntStats, entry: IndexEntry): boolean {
  if (kind !== entry.kind) return false;
  if (kind === 'link') return readlinkSync(path) === entry.target;
  if (kind === 'folder') return true;
  if (Number(stats.size) !== entry.size) return false;
  // A file that has not been touched since the snapshot read it need not be read again.
  if (stats.ino === entry.ino && stats.ctimeNs === entry.ctimeNs) return true;
  return hashSource(path, stats) === entry.sha256;
}
