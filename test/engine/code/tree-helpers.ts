import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeArchive } from '../../../src/engine/code/archive-writer.ts';
import type { CodeEntry } from '../../../src/engine/code/code-entry.ts';
import type { CodeIndex } from '../../../src/engine/code/code-index.ts';

/** Everything below a folder, as the walk would hand it to the writer. */
function listEntries(root: string): CodeEntry[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => toEntry(root, path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function toEntry(root: string, path: string): CodeEntry {
  const stats = lstatSync(join(root, path), { bigint: true });
  const kind = stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'file';
  return {
    path,
    kind,
    size: kind === 'file' ? Number(stats.size) : 0,
    mode: Number(stats.mode & 0o7777n),
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    ino: stats.ino,
    dev: stats.dev,
    ...(kind === 'link' ? { target: readlinkSync(join(root, path)) } : {}),
  };
}

/** Writes a code archive of everything below `root`. */
export async function archiveTree(root: string, archiveFile: string): Promise<CodeIndex> {
  const { signal } = new AbortController();
  const entries = listEntries(root);
  const result = await writeArchive({ root, entries, archiveFile, rereadAll: false, startedAtMs: Date.now(), signal });
  if (result.kind !== 'written') throw new Error('The archive was not written.');
  return result.index;
}

/** What lies below a folder, one line each: kind, mode, time, size, hash or target. Milliseconds: Node can not set all of a time. */
export function describeTree(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const stats = lstatSync(join(root, path), { bigint: true });
      const mode = (stats.mode & 0o777n).toString(8);
      const time = (stats.mtimeNs + 500_000n) / 1_000_000n;
      if (stats.isSymbolicLink()) return `${path} link ${readlinkSync(join(root, path))}`;
      if (stats.isDirectory()) return `${path}/ ${mode} ${time}`;
      if (!stats.isFile()) return `${path} of another kind`;
      return `${path} ${mode} ${time} ${sha256(readFileSync(join(root, path)))}`;
    });
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A new empty private folder. */
export function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
