import type { TreeEntry } from '../../shared/protocol/snapshot-views.ts';

/** What is known of one folder: the part of its entries that has come, or why none has. */
export interface LoadedLevel {
  readonly entries: readonly TreeEntry[];
  /** Of all its entries; undefined while none have come. */
  readonly total: number | undefined;
  readonly error: Error | null;
}

/** A line of the tree. `key` is its path, with a sign for what is no entry. */
export type TreeRow =
  | {
      readonly kind: 'entry';
      readonly key: string;
      readonly depth: number;
      readonly entry: TreeEntry;
      readonly isOpen: boolean;
    }
  | { readonly kind: 'loading'; readonly key: string; readonly depth: number }
  | {
      readonly kind: 'error';
      readonly key: string;
      readonly depth: number;
      readonly folder: string;
      readonly error: Error;
    }
  | {
      readonly kind: 'more';
      readonly key: string;
      readonly depth: number;
      readonly folder: string;
      readonly left: number;
    };

/** The lines of a tree from its open folders, in the order in which they are shown. */
export function flattenTree(levels: ReadonlyMap<string, LoadedLevel>, open: ReadonlySet<string>): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  addLevel(rows, levels, open, '', 1);
  return rows;
}

function addLevel(
  rows: TreeRow[],
  levels: ReadonlyMap<string, LoadedLevel>,
  open: ReadonlySet<string>,
  folder: string,
  depth: number,
): void {
  const level = levels.get(folder);
  for (const entry of level?.entries ?? []) {
    const isOpen = entry.kind === 'folder' && open.has(entry.path);
    rows.push({ kind: 'entry', key: entry.path, depth, entry, isOpen });
    if (isOpen) addLevel(rows, levels, open, entry.path, depth + 1);
  }
  if (level?.error) {
    rows.push({ kind: 'error', key: `${folder}//error`, depth, folder, error: level.error });
  } else if (level?.total === undefined) {
    rows.push({ kind: 'loading', key: `${folder}//loading`, depth });
  } else if (level.total > level.entries.length) {
    rows.push({ kind: 'more', key: `${folder}//more`, depth, folder, left: level.total - level.entries.length });
  }
}

/** Every folder around a path, outermost first: `a/b/c` has `a` and `a/b`. */
export function foldersAround(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** Where the keyboard goes from the line at `index`; undefined where the key means nothing here. */
export function moveInTree(rows: readonly TreeRow[], index: number, key: string): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(rows.length - 1, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return rows.length - 1;
    case 'PageDown':
      return Math.min(rows.length - 1, index + 15);
    case 'PageUp':
      return Math.max(0, index - 15);
    case 'ArrowLeft':
      return parentIndex(rows, index);
    case 'ArrowRight':
      return (rows[index + 1]?.depth ?? 0) > (rows[index]?.depth ?? 0) ? index + 1 : undefined;
    default:
      return undefined;
  }
}

function parentIndex(rows: readonly TreeRow[], index: number): number | undefined {
  const depth = rows[index]?.depth ?? 0;
  const parent = rows.slice(0, index).findLastIndex((row) => row.depth < depth);
  return parent < 0 ? undefined : parent;
}
