import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { CodeEntry } from '../code/code-entry.ts';
import { finishFolders, makeFolders, makeLinks, type NewFolder, type NewLink } from '../code/new-tree.ts';
import { hashFile } from '../platform/hash-file.ts';
import { hashSource } from '../platform/hash-source.ts';
import type { CodeSource, ExtractTask, SourceEntry } from './code-source.ts';
import { copyFileWithTimes } from './copy-file.ts';
import { parentsOf } from './path-tree.ts';

/** The rules by which a tree was made, as far as anybody knows. */
export type TreeRules = Pick<CodeSource, 'include' | 'exclude' | 'skipped'>;

/** Code that lies unpacked in a scratch folder, with what a walk has found there, as a source for a restore. */
export function createTreeSource(tree: string, walked: readonly CodeEntry[], rules: TreeRules): CodeSource {
  const entries = walked.map((entry) => describeEntry(tree, entry));
  return {
    ...rules,
    entries,
    index: undefined,
    readText: async (path) => readFileSync(join(tree, path), 'utf8'),
    extract: (target, wanted, options) => copyEntries(tree, entries.filter(wanted), entries, target, options),
  };
}

/** No file of the root is this very one, whatever the inode says: its content is compared. */
const neverSeen = -1n;

function describeEntry(tree: string, entry: CodeEntry): SourceEntry {
  const sha256 = entry.kind === 'file' ? hashSource(join(tree, entry.path), entry) : '';
  if (sha256 === undefined) throw changed(join(tree, entry.path));
  return { ...entry, ctimeNs: neverSeen, sha256 };
}

async function copyEntries(
  tree: string,
  wanted: readonly SourceEntry[],
  all: readonly SourceEntry[],
  target: string,
  { signal }: ExtractTask,
): Promise<void> {
  const needed = new Set(wanted.flatMap(({ path }) => [...parentsOf(path), path]));
  const folders = all.flatMap((entry): NewFolder[] =>
    entry.kind === 'folder' && needed.has(entry.path) ? [{ path: entry.path, attributes: entry }] : [],
  );
  makeFolders(target, folders, signal);
  for (const { path, kind, sha256 } of wanted) {
    if (kind !== 'file') continue;
    signal.throwIfAborted();
    copyFileWithTimes(join(tree, path), join(target, path), lstatSync(join(tree, path)));
    if ((await hashFile(join(target, path), signal)) !== sha256) throw changed(join(tree, path));
  }
  const links = wanted.flatMap(({ path, kind, target: to, mtimeNs }): NewLink[] =>
    kind === 'link' && to !== undefined ? [{ path, target: to, mtimeNs }] : [],
  );
  makeLinks(target, links, signal);
  finishFolders(target, folders, { fsync: true, signal });
}

function changed(path: string): AppError {
  return new AppError('io', `${path} changed while it was read.`, {
    hint: 'Another program works in the scratch folder. Nothing was touched; try again.',
  });
}
