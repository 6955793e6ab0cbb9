import { AppError } from '../../shared/app-error.ts';
import type { FolderLevel, FoundFiles, TreeEntry } from '../../shared/protocol/snapshot-views.ts';
import type { FileListing } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { resolveSnapshot } from '../snapshot/catalog.ts';
import { listAll } from './browse.ts';

/** A window shows no more of one folder at once. */
const levelLimit = 2000;
const usualFound = 200;
/** The tree of 100,000 entries takes about 60 MB, so only the last is kept, and not for long. */
const keptMs = 5 * 60_000;

interface Tree {
  /** By path; empty for the first level. Folders first, then by name. */
  readonly levels: ReadonlyMap<string, readonly TreeEntry[]>;
  /** Files and links, with their paths in small letters. */
  readonly files: readonly { readonly entry: TreeEntry; readonly lower: string }[];
}

/** One level of a snapshot's files, from `offset` on. */
export async function folder(
  context: EngineContext,
  reference: string,
  path: string,
  offset = 0,
): Promise<FolderLevel> {
  const level = (await readTree(context, reference)).levels.get(path);
  if (level === undefined) {
    throw new AppError('entry-missing', `The snapshot ${reference} holds no folder ${path}.`, {
      hint: 'Go back to its first level.',
    });
  }
  return { path, entries: level.slice(offset, offset + levelLimit), total: level.length };
}

/** Files and links whose path holds every word of the query, those with a word in their name first. */
export async function findFiles(
  context: EngineContext,
  reference: string,
  query: string,
  limit = usualFound,
): Promise<FoundFiles> {
  const { files } = await readTree(context, reference);
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const inName: TreeEntry[] = [];
  const elsewhere: TreeEntry[] = [];
  for (const { entry, lower } of files) {
    if (!words.every((word) => lower.includes(word))) continue;
    const name = lower.slice(lower.length - entry.name.length);
    (words.every((word) => name.includes(word)) ? inName : elsewhere).push(entry);
  }
  return { entries: [...inName, ...elsewhere].slice(0, limit), total: inName.length + elsewhere.length };
}

/** One file of a snapshot; AppError `entry-missing` for what is no file of it. */
export async function findEntry(context: EngineContext, reference: string, path: string): Promise<TreeEntry> {
  const level = (await readTree(context, reference)).levels.get(parentOf(path));
  const found = level?.find((entry) => entry.path === path);
  if (found?.kind === 'file') return found;
  const what = found === undefined ? 'is not in it' : `is a ${found.kind}`;
  throw new AppError('entry-missing', `The snapshot ${reference} holds no file ${path}: it ${what}.`, {
    hint: 'Choose a file.',
  });
}

let last: { readonly place: string; readonly tree: Promise<Tree> } | undefined;
let timer: NodeJS.Timeout | undefined;

/** A snapshot never changes, so its tree is the same as long as the snapshot is there. */
function readTree(context: EngineContext, reference: string): Promise<Tree> {
  const entry = resolveSnapshot(context.backups(), reference);
  const place = entry.snapshot.path;
  if (last?.place !== place) {
    const tree = listAll(context, entry).then(growTree);
    last = { place, tree };
    tree.catch(() => {
      if (last?.tree === tree) last = undefined;
    });
  }
  clearTimeout(timer);
  timer = setTimeout(() => {
    last = undefined;
  }, keptMs);
  timer.unref();
  return last.tree;
}

interface Level {
  readonly entries: TreeEntry[];
  readonly folders: Map<string, FileListing>;
}

/** Folders that the archive doesn't name are there all the same, if something lies in them. */
function growTree(listings: readonly FileListing[]): Tree {
  const levels = new Map<string, Level>([['', { entries: [], folders: new Map() }]]);
  const files: Tree['files'][number][] = [];
  for (const listing of listings) {
    if (listing.kind === 'folder') {
      openLevel(levels, listing.path, listing);
      continue;
    }
    const entry = { ...listing, name: nameOf(listing.path), files: 1 };
    files.push({ entry, lower: listing.path.toLowerCase() });
    openLevel(levels, parentOf(listing.path)).entries.push(entry);
  }
  sumUp(levels, '');
  for (const { entries } of levels.values()) entries.sort(foldersFirst);
  return { levels: new Map([...levels].map(([path, { entries }]) => [path, entries])), files };
}

function openLevel(levels: Map<string, Level>, path: string, listing?: FileListing): Level {
  const known = levels.get(path);
  if (known !== undefined && listing === undefined) return known;
  const level = known ?? { entries: [], folders: new Map() };
  levels.set(path, level);
  const unnamed: FileListing = { path, kind: 'folder', bytes: 0, modifiedAt: new Date(0).toISOString(), mode: 0o755 };
  if (path !== '') openLevel(levels, parentOf(path)).folders.set(path, listing ?? unnamed);
  return level;
}

/** Adds each folder to its level, with what lies below it. */
function sumUp(levels: Map<string, Level>, path: string): { bytes: number; files: number } {
  const { entries, folders } = levels.get(path) ?? { entries: [], folders: new Map<string, FileListing>() };
  const sum = { bytes: 0, files: entries.length };
  for (const { bytes } of entries) sum.bytes += bytes;
  for (const [below, listing] of folders) {
    const inside = sumUp(levels, below);
    entries.push({ ...listing, ...inside, name: nameOf(below) });
    sum.bytes += inside.bytes;
    sum.files += inside.files;
  }
  return sum;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function foldersFirst(a: TreeEntry, b: TreeEntry): number {
  if (a.kind === 'folder' && b.kind !== 'folder') return -1;
  if (a.kind !== 'folder' && b.kind === 'folder') return 1;
  return a.name < b.name ? -1 : 1;
}
