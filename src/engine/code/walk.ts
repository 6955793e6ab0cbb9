import type { BigIntStats } from 'node:fs';
import { lstatSync } from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { isBrowserProfile } from './builtin-excludes.ts';
import type { Walk } from './code-entry.ts';
import { type IncludeNode, readIncludeList } from './include-list.ts';
import { type FolderNames, listNames } from './list-names.ts';
import { createPace, type Pace } from './pace.ts';
import type { WalkOptions } from './walk-options.ts';
import { createWalkResult, type WalkResult } from './walk-result.ts';
import { beginScope, enterScope, enterTracked, type Scope } from './walk-scope.ts';
import { createVisitor, type Found, type OpenFolder, type Visitor } from './walk-visit.ts';

/**
 * Finds what belongs in the code archive. Of all files it opens only those that hold git's rules; folders that are left
 * out are never read. Works in slices of about 15 ms. Throws `settings-invalid`, `root-missing`, `cancelled`.
 */
export async function walkCode(options: WalkOptions): Promise<Walk> {
  const { root, onProgress, signal } = options;
  const include = readIncludeList(options.include);
  const result = createWalkResult(root);
  const report = (): void => onProgress?.({ phase: 'walk', done: result.fileCount(), unit: 'files' });
  const pace = createPace(signal, report);
  const visitor = createVisitor(options, result);
  const stack = [await openRoot(options, include, result, pace)];
  for (let folder = stack.at(-1); folder !== undefined; folder = stack.at(-1)) {
    const name = folder.names[folder.next];
    folder.next += 1;
    if (name === undefined) {
      result.endFolder(folder.keepEmpty);
      stack.pop();
      continue;
    }
    const pause = pace.rest();
    if (pause !== undefined) await pause;
    const found = visitor.visit(folder, name);
    const opened = found === undefined ? undefined : await openFolder(found, result, visitor, pace);
    if (opened !== undefined) stack.push(opened);
  }
  report();
  return result.finish();
}

async function openRoot(
  options: WalkOptions,
  include: IncludeNode,
  result: WalkResult,
  pace: Pace,
): Promise<OpenFolder> {
  const stats = lstatSync(options.root, { bigint: true, throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) {
    throw new AppError('root-missing', `There is no folder ${options.root}.`, {
      hint: 'Name the Codex folder with --root.',
    });
  }
  const scope = beginScope(options.root, options.exclude, result.warn);
  const listed = include.whole
    ? await listNames(options.root, stats.size, pace.rest)
    : { names: [...include.children.keys()].sort(), broken: [] };
  result.beginFolder(undefined);
  const folder = { path: '', scope, wanted: include, whole: include.whole, ignoredBy: undefined, keepEmpty: true };
  for (const name of listed.broken) result.skipName('', name, scope);
  return { ...folder, names: listed.names, next: 0 };
}

/** Reads a folder that the visitor found; undefined when it turns out to be left out or can not be read. */
async function openFolder(
  found: Found,
  result: WalkResult,
  visitor: Visitor,
  pace: Pace,
): Promise<OpenFolder | undefined> {
  const { path, absolute, stats, parent, name, wanted, whole, ignoredBy } = found;
  try {
    if (isBrowserProfile(absolute)) {
      visitor.leaveOut(path, wanted, 'it is a browser profile');
      return undefined;
    }
    const scope =
      ignoredBy === undefined ? enterScope(parent, { absolute, path, name }, result.warn) : enterTracked(parent, name);
    const { names, broken } = await nameEntries(found, scope, pace);
    if (!isSame(stats, lstatSync(absolute, { bigint: true, throwIfNoEntry: false }))) {
      result.skip(path, 'replaced');
      return undefined;
    }
    result.beginFolder({ path, stats });
    for (const brokenName of broken) result.skipName(path, brokenName, scope);
    return { path, scope, wanted, whole, ignoredBy, names, next: 0, keepEmpty: whole && ignoredBy === undefined };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || error instanceof AppError) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') result.skip(path, 'vanished');
    else result.skip(path, 'unreadable', code);
    return undefined;
  }
}

/** The names to visit: all of the folder's, or those that the include list or the index knows. */
async function nameEntries(
  { absolute, stats, wanted, whole, ignoredBy }: Found,
  scope: Scope,
  pace: Pace,
): Promise<FolderNames> {
  if (!whole) return { names: [...(wanted?.children.keys() ?? [])].sort(), broken: [] };
  if (ignoredBy === undefined) return listNames(absolute, stats.size, pace.rest);
  return { names: [...(scope.tracked?.children.values() ?? [])].map(({ name }) => name).sort(), broken: [] };
}

function isSame(before: BigIntStats, after: BigIntStats | undefined): boolean {
  return after?.isDirectory() === true && after.dev === before.dev && after.ino === before.ino;
}
