import { AppError } from '../../shared/app-error.ts';
import { type CodeIndex, groupPacks, type IndexEntry, type PackGroup } from './code-index.ts';
import { DamagedEntryError } from './damaged-entry.ts';
import { findCollisions, type NameFolding } from './name-folding.ts';
import type { NewFolder, NewLink } from './new-tree.ts';
import { parentsOf, refuseName } from './tree-names.ts';

/** What is to be made of an index, decided before anything is written. */
export interface ExtractionPlan {
  /** Wanted folders and the parents of everything wanted, with what the index says of them. */
  readonly folders: readonly NewFolder[];
  readonly links: readonly NewLink[];
  /** Packs that hold wanted entries, each group with those entries only; the ones of large files first. */
  readonly groups: readonly PackGroup[];
  readonly files: number;
  readonly bytes: number;
}

/**
 * Decides what `wanted` entries need. Believes the index no more than it must: a name that leads out of the folder, or
 * through something that is no folder, is a DamagedEntryError; names that `folding` makes one are an AppError.
 */
export function planExtraction(
  index: CodeIndex,
  wanted: (entry: IndexEntry) => boolean,
  folding: NameFolding,
): ExtractionPlan {
  const known = new Map<string, IndexEntry>();
  const chosen = new Set<IndexEntry>();
  for (const entry of index.entries) {
    const reason = known.has(entry.path) ? 'it occurs twice' : refuseName(entry.path);
    if (reason !== undefined) throw new DamagedEntryError(entry.path, reason);
    known.set(entry.path, entry);
    if (wanted(entry)) chosen.add(entry);
  }
  refuseCollisions(chosen, folding);
  const files = [...chosen].filter(({ kind }) => kind === 'file');
  return {
    folders: planFolders(chosen, known),
    links: [...chosen].filter(({ kind }) => kind === 'link').map(toLink),
    groups: planGroups(index, chosen),
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}

function refuseCollisions(chosen: ReadonlySet<IndexEntry>, folding: NameFolding): void {
  const collisions = findCollisions(
    [...chosen].map(({ path }) => path),
    folding,
  );
  const [first] = collisions;
  if (first === undefined) return;
  throw new AppError('names-collide', `This disk can not hold both ${first.other} and ${first.path}.`, {
    hint: 'Restore to a disk that tells such names apart, or restore only one of them.',
    details: { collisions },
  });
}

function planFolders(chosen: ReadonlySet<IndexEntry>, known: ReadonlyMap<string, IndexEntry>): NewFolder[] {
  const folders = new Map<string, NewFolder>();
  for (const { path, kind } of chosen) {
    for (const name of kind === 'folder' ? [...parentsOf(path), path] : parentsOf(path)) {
      if (folders.has(name)) continue;
      const entry = known.get(name);
      if (entry !== undefined && entry.kind !== 'folder') {
        throw new DamagedEntryError(path, `it lies in ${name}, which is no folder`);
      }
      folders.set(name, entry === undefined ? { path: name } : { path: name, attributes: entry });
    }
  }
  return [...folders.values()];
}

function toLink({ path, target, mtimeNs }: IndexEntry): NewLink {
  if (target === undefined || target === '' || target.includes('\0')) {
    throw new DamagedEntryError(path, 'it is a link to nothing');
  }
  return { path, target, mtimeNs };
}

function planGroups(index: CodeIndex, chosen: ReadonlySet<IndexEntry>): PackGroup[] {
  const groups = groupPacks(index)
    .map((group) => ({ ...group, entries: group.entries.filter((entry) => chosen.has(entry)) }))
    .filter(({ entries }) => entries.length > 0);
  return groups.sort((a, b) => b.packCount - a.packCount || a.firstPack - b.firstPack);
}
