import { AppError } from '../../shared/app-error.ts';

/** The include list as a tree of names. */
export interface IncludeNode {
  /** The list names this very path: it and everything below it is wanted. */
  readonly whole: boolean;
  readonly children: ReadonlyMap<string, IncludeNode>;
}

interface GrowingNode extends IncludeNode {
  whole: boolean;
  readonly children: Map<string, GrowingNode>;
}

/** Reads the include list; `.` is the whole root. Throws `settings-invalid` for a path that leaves the root. */
export function readIncludeList(include: readonly string[]): IncludeNode {
  const root: GrowingNode = { whole: false, children: new Map() };
  for (const path of include) {
    let node = root;
    for (const name of splitInclude(path)) {
      const child = node.children.get(name) ?? { whole: false, children: new Map() };
      node.children.set(name, child);
      node = child;
    }
    node.whole = true;
  }
  return root;
}

function splitInclude(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (path === '' || path.startsWith('/') || path.includes('\0') || names.includes('..')) {
    throw new AppError(
      'settings-invalid',
      `The include list names ${JSON.stringify(path)}, which is no path inside the root.`,
      {
        hint: 'Name files and folders relative to the root, without "..".',
        details: { include: path },
      },
    );
  }
  return names;
}

/** Every path that the list names at or below `path`. */
export function includesBelow(path: string, node: IncludeNode): readonly string[] {
  const below = [...node.children].flatMap(([name, child]) => includesBelow(joinPath(path, name), child));
  return node.whole ? [path, ...below] : below;
}

/** Puts a name to a path relative to the root; the root itself is the empty path. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
