import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { snapshotFiles } from '../../shared/model.ts';
import { parseSnapshotId } from '../../shared/snapshot-id.ts';
import { vouchedFiles } from '../snapshot/describe-snapshot.ts';
import { type Manifest, readManifest } from '../snapshot/manifest.ts';
import { readMeta } from '../snapshot/meta.ts';
import type { StoreContents, StoredSnapshot } from './copy-store.ts';

/** Of the folder in which a snapshot arrives; not a name that a sweep removes: what has arrived is to stay. */
export const incomingPrefix = '.incoming-';

/** What lies in a folder with the layout of a backups folder; what else is there is passed over. */
export function readFolderContents(place: string): StoreContents {
  const snapshots: StoredSnapshot[] = [];
  const unreadable: { id: string; why: string }[] = [];
  const incoming = new Map<string, ReadonlyMap<string, number>>();
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory()) continue;
    if (name.startsWith(incomingPrefix)) incoming.set(name.slice(incomingPrefix.length), sizesIn(join(place, name)));
    if (parseSnapshotId(name) === undefined) continue;
    const manifest = tryManifest(join(place, name, snapshotFiles.manifest), name);
    if (typeof manifest === 'string') unreadable.push({ id: name, why: manifest });
    else snapshots.push(describeFrom(place, manifest, (file) => sizeOf(join(place, name, file))));
  }
  return { snapshots: snapshots.sort((a, b) => newestFirst(a, b)), unreadable, incoming };
}

/** By sequence, which no clock can change. */
export function newestFirst(a: StoredSnapshot, b: StoredSnapshot): number {
  return b.manifest.sequence - a.manifest.sequence || (a.id < b.id ? 1 : -1);
}

/** A snapshot by its manifest, the record of it in `place`, and the sizes of its files. */
export function describeFrom(
  place: string,
  manifest: Manifest,
  sizeOfFile: (file: string) => number | undefined,
): StoredSnapshot {
  const { pinned, note } = readMeta(place, manifest.id);
  const wrong = vouchedFiles(manifest).filter(({ file, bytes }) => sizeOfFile(file) !== bytes);
  return { id: manifest.id, manifest, pinned, note, wrong: wrong.map(({ file }) => file) };
}

/** The manifest, or why it can't be believed. */
export function tryManifest(file: string, id: string): Manifest | string {
  try {
    const manifest = readManifest(file);
    return manifest.id === id ? manifest : `${file} is the manifest of ${manifest.id}`;
  } catch (error) {
    if (!(error instanceof AppError) && systemErrorCode(error) === undefined) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

function sizesIn(folder: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) sizes.set(path.slice(folder.length + 1), sizeOf(path) ?? 0);
  }
  return sizes;
}

function sizeOf(path: string): number | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.size : undefined;
}
