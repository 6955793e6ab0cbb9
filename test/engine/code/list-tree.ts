import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeEntry } from '../../../src/engine/code/code-entry.ts';

/** What a walk without rules would find: byte order by path, a folder before what is in it. */
export function listTree(root: string, folder = ''): CodeEntry[] {
  const names = readdirSync(join(root, folder)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return names.flatMap((name) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    const entry = describe(root, path);
    if (entry === undefined) return [];
    if (entry.kind !== 'folder') return [entry];
    const below = listTree(root, path);
    const newest = below.reduce((max, { mtimeNs }) => (mtimeNs > max ? mtimeNs : max), 0n);
    return [{ ...entry, mtimeNs: newest === 0n ? entry.mtimeNs : newest }, ...below];
  });
}

function describe(root: string, path: string): CodeEntry | undefined {
  const stats = lstatSync(join(root, path), { bigint: true });
  const { mtimeNs, ctimeNs, ino, dev } = stats;
  const mode = Number(stats.mode) & 0o7777;
  const common = { path, mode, mtimeNs, ctimeNs, ino, dev };
  if (stats.isDirectory()) return { ...common, kind: 'folder', size: 0 };
  if (stats.isFile()) return { ...common, kind: 'file', size: Number(stats.size) };
  if (stats.isSymbolicLink()) return { ...common, kind: 'link', size: 0, target: readlinkSync(join(root, path)) };
  return undefined;
}
