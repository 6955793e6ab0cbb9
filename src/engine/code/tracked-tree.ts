import type { TrackedPath } from './git-index.ts';

/** What a repository's index holds, as a tree of names. */
export interface TrackedFolder {
  readonly kind: 'folder';
  readonly name: string;
  /** By name, folded where the repository ignores case. */
  readonly children: ReadonlyMap<string, TrackedNode>;
}

export type TrackedNode = TrackedFolder | { readonly kind: 'file' | 'repository'; readonly name: string };

interface GrowingFolder extends TrackedFolder {
  readonly children: Map<string, GrowingFolder | TrackedNode>;
}

/** Builds the tree; `fold` brings a name into the form in which the repository compares names. */
export function buildTrackedTree(paths: readonly TrackedPath[], fold: (name: string) => string): TrackedFolder {
  const root = newFolder('');
  const folders = new Map<string, GrowingFolder>([['', root]]);
  for (const { path, kind } of paths) {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    // A path that git itself would refuse: it must never lead out of the folder.
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) continue;
    growFolder(folders, slash === -1 ? '' : path.slice(0, slash), fold).children.set(fold(name), { kind, name });
  }
  return root;
}

const newFolder = (name: string): GrowingFolder => ({ kind: 'folder', name, children: new Map() });

function growFolder(folders: Map<string, GrowingFolder>, path: string, fold: (name: string) => string): GrowingFolder {
  const known = folders.get(path);
  if (known !== undefined) return known;
  const slash = path.lastIndexOf('/');
  const parent = growFolder(folders, slash === -1 ? '' : path.slice(0, slash), fold);
  const name = path.slice(slash + 1);
  const existing = parent.children.get(fold(name));
  const folder = existing !== undefined && isGrowing(existing) ? existing : newFolder(name);
  parent.children.set(fold(name), folder);
  folders.set(path, folder);
  return folder;
}

function isGrowing(node: GrowingFolder | TrackedNode): node is GrowingFolder {
  return node.kind === 'folder';
}
