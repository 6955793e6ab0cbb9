import { describe, expect, it } from 'vitest';
import {
  flattenTree,
  foldersAround,
  type LoadedLevel,
  moveInTree,
} from '../../../src/renderer/snapshot/flatten-tree.ts';
import type { TreeEntry } from '../../../src/shared/protocol/snapshot-views.ts';

describe('flattenTree', () => {
  it('shows what is below an open folder right after it, one step deeper', () => {
    const levels = levelsOf({ '': [folder('a'), folder('b'), file('c')], a: [file('a/x')] });
    const rows = flattenTree(levels, new Set(['a']));
    expect(rows.map(({ key, depth }) => [key, depth])).toEqual([
      ['a', 1],
      ['a/x', 2],
      ['b', 1],
      ['c', 1],
    ]);
  });

  it('says that a folder is loading until its first entries are there', () => {
    const rows = flattenTree(levelsOf({ '': [folder('a')] }), new Set(['a']));
    expect(rows.map(({ kind }) => kind)).toEqual(['entry', 'loading']);
  });

  it('says how many entries are left of a folder that came in part', () => {
    const levels = new Map([['', { entries: [file('a')], total: 5000, error: null }]]);
    expect(flattenTree(levels, new Set()).at(-1)).toMatchObject({ kind: 'more', folder: '', left: 4999 });
  });

  it('shows why a folder could not be read, after what was read of it', () => {
    const levels = new Map([['', { entries: [file('a')], total: 2, error: new Error('gone') }]]);
    expect(flattenTree(levels, new Set()).map(({ kind }) => kind)).toEqual(['entry', 'error']);
  });
});

describe('moveInTree', () => {
  const rows = flattenTree(levelsOf({ '': [folder('a'), file('c')], a: [file('a/x'), file('a/y')] }), new Set(['a']));

  it('stays inside the tree', () => {
    expect(moveInTree(rows, 0, 'ArrowUp')).toBe(0);
    expect(moveInTree(rows, 3, 'ArrowDown')).toBe(3);
    expect(moveInTree(rows, 1, 'End')).toBe(3);
    expect(moveInTree(rows, 3, 'PageUp')).toBe(0);
  });

  it('goes left to the folder around, and right into an open one', () => {
    expect(moveInTree(rows, 2, 'ArrowLeft')).toBe(0);
    expect(moveInTree(rows, 0, 'ArrowRight')).toBe(1);
    expect(moveInTree(rows, 3, 'ArrowRight')).toBeUndefined();
    expect(moveInTree(rows, 3, 'ArrowLeft')).toBeUndefined();
  });
});

describe('foldersAround', () => {
  it('names every folder on the way to a path', () => {
    expect(foldersAround('a/b/c.ts')).toEqual(['a', 'a/b']);
    expect(foldersAround('c.ts')).toEqual([]);
  });
});

function levelsOf(levels: Readonly<Record<string, readonly TreeEntry[]>>): ReadonlyMap<string, LoadedLevel> {
  return new Map(
    Object.entries(levels).map(([path, entries]) => [path, { entries, total: entries.length, error: null }]),
  );
}

const entry = (path: string) => ({
  path,
  name: path.slice(path.lastIndexOf('/') + 1),
  bytes: 1,
  files: 1,
  modifiedAt: '2025-11-20T13:02:00.000Z',
  mode: 0o644,
});
const file = (path: string): TreeEntry => ({ ...entry(path), kind: 'file' });
const folder = (path: string): TreeEntry => ({ ...entry(path), kind: 'folder' });
