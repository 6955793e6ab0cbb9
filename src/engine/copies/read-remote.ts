import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotFiles } from '../../shared/model.ts';
import { parseSnapshotId } from '../../shared/snapshot-id.ts';
import { z } from '../../shared/zod.ts';
import { parseJson } from '../platform/parse-json.ts';
import type { StoreContents } from './copy-store.ts';
import { describeFrom, incomingPrefix, newestFirst, tryManifest } from './read-folder.ts';

const listing = z.array(z.object({ Path: z.string(), Size: z.number() }));

export interface RemoteReader {
  /** Keeps manifests, which never change, and records. */
  readonly cache: string;
  /** All files of the place, as `rclone lsjson` lists them. */
  list(): Promise<string>;
  /** Brings files into the cache. */
  fetch(files: readonly string[]): Promise<void>;
}

/** What lies in a remote: its names and sizes are asked each time, its manifests only once. */
export async function readRemoteContents({ cache, list, fetch }: RemoteReader): Promise<StoreContents> {
  const sizes = new Map(listing.parse(parseJson(await list())).map(({ Path, Size }) => [Path, Size]));
  const ids = idsIn(sizes.keys());
  const kept = [...sizes.keys()].filter((path) => isKept(path));
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  dropOthers(cache, new Set(ids));
  await fetch(kept.filter((path) => sizeOf(join(cache, path)) !== sizes.get(path)));
  const snapshots: StoreContents['snapshots'][number][] = [];
  const unreadable: { id: string; why: string }[] = [];
  for (const id of ids.filter((each) => sizes.has(`${each}/${snapshotFiles.manifest}`))) {
    const manifest = tryManifest(join(cache, id, snapshotFiles.manifest), id);
    if (typeof manifest === 'string') unreadable.push({ id, why: manifest });
    else snapshots.push(describeFrom(cache, manifest, (file) => sizes.get(`${id}/${file}`)));
  }
  return { snapshots: snapshots.sort(newestFirst), unreadable, incoming: findIncoming(sizes, ids) };
}

/** Manifests and records of snapshots. */
function isKept(path: string): boolean {
  const [folder = '', file = '', ...rest] = path.split('/');
  if (rest.length > 0) return false;
  if (folder === '.meta') return file.endsWith('.json') && parseSnapshotId(file.slice(0, -5)) !== undefined;
  return file === snapshotFiles.manifest && parseSnapshotId(folder) !== undefined;
}

function idsIn(paths: Iterable<string>): readonly string[] {
  const folders = new Set([...paths].map((path) => path.split('/')[0] ?? ''));
  return [...folders].filter((name) => parseSnapshotId(name) !== undefined);
}

/**
 * What is on its way lies in a folder of its own, or, where the remote renames nothing, has its RESTORE.txt and no
 * manifest yet. What has neither is of v1.5, and the user's.
 */
function findIncoming(
  sizes: ReadonlyMap<string, number>,
  ids: readonly string[],
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const incoming = new Map<string, Map<string, number>>();
  const has = (id: string, file: string): boolean => sizes.has(`${id}/${file}`);
  const unfinished = new Set(
    ids.filter((id) => has(id, snapshotFiles.restoreText) && !has(id, snapshotFiles.manifest)),
  );
  for (const [path, size] of sizes) {
    const [folder = '', ...rest] = path.split('/');
    const id = folder.startsWith(incomingPrefix) ? folder.slice(incomingPrefix.length) : folder;
    if (parseSnapshotId(id) === undefined || (id === folder && !unfinished.has(id))) continue;
    const files = incoming.get(id) ?? new Map<string, number>();
    incoming.set(id, files.set(rest.join('/'), size));
  }
  return incoming;
}

function dropOthers(cache: string, ids: ReadonlySet<string>): void {
  for (const name of readdirSync(cache)) {
    if (!ids.has(name) && parseSnapshotId(name) !== undefined) rmSync(join(cache, name), { recursive: true });
  }
  const records = join(cache, '.meta');
  if (existsSync(records)) rmSync(records, { recursive: true });
}

const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size;
