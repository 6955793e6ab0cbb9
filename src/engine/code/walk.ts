import type { BigIntStats } from 'node:fs';
import { lstatSync } from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { isBrowserProfile } from './builtin-excludes.ts';
import type { Walk } from './code-entry.ts';
import { type IncludeNode, readIncludeList } from './include-list.ts';
import { warnLeftOut } from './left-out-includes.ts';
import { type FolderNames, listNames } from './list-names.ts';
import { createPace, type Pace } from './pace.ts';
import type { WalkOptions } from './walk-options.ts';
import { createWalkResult, type WalkResult } from './walk-result.ts';
import { beginScope, enterScope, enterTracked, type Scope } from './walk-scope.ts';
import { type Found, type OpenFolder, Visitor } from './walk-visit.ts';

/**
 * Finds what belongs in the code archive. Of all files it opens only those that hold git's rules; folders that are left
 * out are never read. Works in slices of about 15 ms. Throws `settings-invalid`, `root-missing`, `cancelled`.
 */
export async function walkCode(options: WalkOptions): Promise<Walk> {
  const { root, onProgress, signal } = options;
  const include = readIncludeList(options.include);
  const result = createWalkResult(root, options.onTouched);
  const report = (): void => onProgress?.({ phase: 'walk', done: result.fileCount(), unit: 'files' });
  const pace = createPace(signal, report);
  const visitor = new Visitor(options, result);
  const stack = [await openRoot(options, include, result, pace).catch(refuseRoot(root))];
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
    const opened = found === undefined ? undefined : await openFolder(found, result, pace);
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
  const { root, exclude } = options;
  const stats = lstatSync(root, { bigint: true, throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) {
    throw new AppError('root-missing', `There is no folder ${root}.`, { hint: 'Name the Codex folder with --root.' });
  }
  const listed = include.whole ? await listNames(root, stats.size, pace.rest) : undefined;
  const scope = beginScope(root, exclude, mayHold(listed), result.warn);
  result.beginFolder(undefined);
  for (const name of listed?.broken ?? []) result.skipName('', name, scope);
  const names = listed?.names ?? [...include.children.keys()].sort();
  return {
    path: '',
    scope,
    wanted: include,
    whole: include.whole,
    ignoredBy: undefined,
    names,
    next: 0,
    keepEmpty: true,
  };
}

/** A root that can not be read is no reason to call this a defect. */
function refuseRoot(root: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof AppError || systemErrorCode(error) === undefined) throw error;
    throw new AppError('io', `The folder ${root} can not be read (${systemErrorCode(error)}).`, {
      hint: 'Check the permissions of the folder.',
      cause: error,
    });
  };
}

/** Reads a folder that the visitor found; undefined when it turns out to be left out or can not be read. */
async function openFolder(found: Found, result: WalkResult, pace: Pace): Promise<OpenFolder | undefined> {
  const { path, absolute, stats, parent, name, wanted, whole, ignoredBy } = found;
  try {
    // Rules may leave out all but tracked files, or the include list may ask for little of it: then it is not read.
    const listed = whole && ignoredBy === undefined ? await listNames(absolute, stats.size, pace.rest) : undefined;
    const holds = mayHold(listed);
    if (holds('Local State') && isBrowserProfile(absolute)) {
      warnLeftOut(result, path, wanted, 'it is a browser profile');
      return undefined;
    }
    const folder = { absolute, path, name, holds };
    const scope = ignoredBy === undefined ? enterScope(parent, folder, result.warn) : enterTracked(parent, name);
    if (!isSame(stats, lstatSync(absolute, { bigint: true, throwIfNoEntry: false }))) {
      result.skip(path, 'replaced');
      return undefined;
    }
    for (const brokenName of listed?.broken ?? []) result.skipName(path, brokenName, scope);
    result.beginFolder({ path, stats });
    const names = listed?.names ?? knownNames(found, scope);
    return { path, scope, wanted, whole, ignoredBy, names, next: 0, keepEmpty: whole && ignoredBy === undefined };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || error instanceof AppError) throw error;
    result.skipFailed(path, code);
    return undefined;
  }
}

/** Spares looking for files that a folder's list does not name. */
function mayHold(listed: FolderNames | undefined): (name: string) => boolean {
  return (name) => listed === undefined || listed.names.includes(name);
}

/** The names to visit in a folder that is not read: those that the include list or the index knows. */
function knownNames({ wanted, whole }: Found, scope: Scope): readonly string[] {
  if (!whole) return [...(wanted?.children.keys() ?? [])].sort();
  return [...(scope.tracked?.children.values() ?? [])].map(({ name }) => name).sort();
}

function isSame(before: BigIntStats, after: BigIntStats | undefined): boolean {
  return after?.isDirectory() === true && after.dev === before.dev && after.ino === before.ino;
}
