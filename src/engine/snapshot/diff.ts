import type { DatabasePart, TableCount } from '../../shared/model.ts';
import type { CodeChange, DatabaseChange, TableChange } from '../../shared/results.ts';

/** What a diff needs to know of one file of the code. */
export interface CodeState {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly size: number;
  readonly mode: number;
  /** sha256 of a file's content. */
  readonly sha256: string;
  readonly target?: string;
}

/** What a diff needs to know of a database: a captured part, or a look at the live file, which counts no rows. */
export interface DatabaseState extends Pick<DatabasePart, 'path' | 'bytes'> {
  readonly sha256?: string;
  readonly tables: readonly (Pick<TableCount, 'name' | 'maxRowid'> & { readonly rows: number | null })[];
}

/** Files and links that differ in kind, content, mode or target, by path. Folders are not listed. */
export function diffCode(before: readonly CodeState[], after: readonly CodeState[]): readonly CodeChange[] {
  const old = mapByPath(before.filter(({ kind }) => kind !== 'folder'));
  const now = mapByPath(after.filter(({ kind }) => kind !== 'folder'));
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    const was = old.get(path);
    const is = now.get(path);
    if (was !== undefined && is !== undefined && sameCode(was, is)) return [];
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ path, change, bytesBefore: was?.size ?? 0, bytesAfter: is?.size ?? 0 } as const];
  });
}

/** Databases with what changed in their tables, by rows and by the advance of the greatest rowid. */
export function diffDatabases(
  before: readonly DatabaseState[],
  after: readonly DatabaseState[],
): readonly DatabaseChange[] {
  const old = mapByPath(before);
  const now = mapByPath(after);
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.map((path) => {
    const was = old.get(path);
    const is = now.get(path);
    const tables = diffTables(was?.tables ?? [], is?.tables ?? []);
    const bytes = { bytesBefore: was?.bytes ?? 0, bytesAfter: is?.bytes ?? 0 };
    if (was === undefined || is === undefined)
      return { path, change: was === undefined ? 'added' : 'removed', ...bytes, tables };
    const same = is.sha256 === undefined ? looksSame(was, is) : was.sha256 === is.sha256;
    return { path, change: same ? 'same' : 'changed', ...bytes, tables };
  });
}

/** A look at a live database has no hash: its size and greatest rowids tell growth, not a change in place. */
function looksSame(was: DatabaseState, is: DatabaseState): boolean {
  const rowids = new Map(was.tables.map(({ name, maxRowid }) => [name, maxRowid]));
  return (
    was.bytes === is.bytes &&
    was.tables.length === is.tables.length &&
    is.tables.every(({ name, maxRowid }) => rowids.get(name) === maxRowid)
  );
}

function diffTables(before: DatabaseState['tables'], after: DatabaseState['tables']): readonly TableChange[] {
  const old = new Map(before.map((table) => [table.name, table]));
  const now = new Map(after.map((table) => [table.name, table]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().map((name) => {
    const was = old.get(name);
    const is = now.get(name);
    return {
      name,
      change: was === undefined ? 'added' : is === undefined ? 'removed' : 'kept',
      rowsBefore: was?.rows ?? null,
      rowsAfter: is?.rows ?? null,
      rowsMade: is === undefined || is.maxRowid === null ? null : Math.max(0, is.maxRowid - (was?.maxRowid ?? 0)),
    };
  });
}

const sameCode = (a: CodeState, b: CodeState): boolean =>
  a.kind === b.kind && a.sha256 === b.sha256 && a.target === b.target && a.mode === b.mode;

const mapByPath = <T extends { readonly path: string }>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.path, item]));
