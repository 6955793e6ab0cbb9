import { isUtf8 } from 'node:buffer';
import { type BigIntStats, lstatSync, readlinkSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { createBuiltinTest, isEnvName, withSideFiles } from './builtin-excludes.ts';
import { type IncludeNode, includesBelow, joinPath } from './include-list.ts';
import type { Rule } from './rule-pattern.ts';
import type { WalkOptions } from './walk-options.ts';
import type { WalkResult } from './walk-result.ts';
import { findExclude, findIgnore, findTracked, nameBytes, quote, type Scope } from './walk-scope.ts';

/** A folder on the way, and how far its names have been visited. */
export interface OpenFolder {
  readonly path: string;
  readonly scope: Scope;
  /** What the include list names below it. */
  readonly wanted: IncludeNode | undefined;
  /** Everything in it is wanted, not only what the list names. */
  readonly whole: boolean;
  /** The rule that leaves it out, all but its tracked files. */
  readonly ignoredBy: Rule | undefined;
  readonly names: readonly string[];
  next: number;
  /** Whether it is an entry even with nothing in it. */
  readonly keepEmpty: boolean;
}

/** A folder that is to be entered. */
export interface Found {
  readonly path: string;
  readonly absolute: string;
  readonly name: string;
  readonly stats: BigIntStats;
  readonly parent: Scope;
  readonly wanted: IncludeNode | undefined;
  readonly whole: boolean;
  readonly ignoredBy: Rule | undefined;
}

export interface Visitor {
  /** Decides on one name of a folder: adds it to the result, leaves it out, or gives it back to be entered. */
  visit(folder: OpenFolder, name: string): Found | undefined;
  /** Warns of what the include list names at or below a path that is left out. */
  leaveOut(path: string, wanted: IncludeNode | undefined, because: string): void;
}

export function createVisitor(options: WalkOptions, result: WalkResult): Visitor {
  const { root } = options;
  const isBuiltin = createBuiltinTest();
  const databases = withSideFiles(options.databasePaths);
  const isBackups = createBackupsTest(options);

  function visit(folder: OpenFolder, name: string): Found | undefined {
    const path = joinPath(folder.path, name);
    const wanted = folder.wanted?.children.get(name);
    if (databases.has(path)) return undefined;
    const stats = look(folder, path);
    if (stats === undefined) return undefined;
    if (isBuiltin(name)) {
      if (isEnvName(name) && stats.isFile()) result.addEnv(path);
      leaveOut(path, wanted, 'such names are always left out');
      return undefined;
    }
    if (isBackups(path, stats)) {
      leaveOut(path, wanted, 'it is the backups folder');
      return undefined;
    }
    return judge(folder, { name, path, stats, wanted });
  }

  interface Candidate {
    readonly name: string;
    readonly path: string;
    readonly stats: BigIntStats;
    readonly wanted: IncludeNode | undefined;
  }

  /** Asks the rules. */
  function judge(folder: OpenFolder, candidate: Candidate): Found | undefined {
    const { name, path, stats, wanted } = candidate;
    const { scope } = folder;
    const bytes = nameBytes(scope, name);
    const isFolder = stats.isDirectory();
    const exclude = findExclude(scope, bytes, isFolder);
    if (exclude !== undefined) {
      leaveOut(path, wanted, because(exclude));
      return undefined;
    }
    const whole = folder.whole || wanted?.whole === true;
    const ignoredBy = folder.ignoredBy ?? findIgnore(scope, bytes, isFolder);
    const found: Found = { name, path, absolute: `${root}/${path}`, stats, parent: scope, wanted, whole, ignoredBy };
    if (ignoredBy === undefined) return isFolder ? found : addPlain(found);
    const tracked = findTracked(scope, bytes);
    if (!isFolder && tracked?.kind === 'file') return addPlain(found);
    leaveOut(path, wanted, because(ignoredBy));
    if (isFolder && tracked?.kind === 'folder') return found;
    if (isFolder && tracked?.kind === 'repository') return { ...found, ignoredBy: undefined };
    if (isFolder) addIgnoredIncludes(path, wanted);
    else if (stats.isFile() && (folder.ignoredBy === undefined || wanted?.whole === true))
      result.addIgnored(path, stats);
    return undefined;
  }

  /** Adds what is no folder. */
  function addPlain({ path, absolute, stats, wanted, whole }: Found): undefined {
    if (stats.isSymbolicLink()) refuseBehindLink(path, wanted);
    if (!whole) return;
    if (stats.isFile()) result.addFile(path, stats);
    else if (stats.isSymbolicLink()) addLink(path, absolute, stats);
    else result.skip(path, 'special');
  }

  function addLink(path: string, absolute: string, stats: BigIntStats): void {
    try {
      const target = readlinkSync(absolute, { encoding: 'buffer' });
      if (isUtf8(target)) result.addLink(path, stats, target.toString('utf8'));
      else result.skip(path, 'name', 'the link points to a name that is not UTF-8');
    } catch (error) {
      skipFailed(path, error);
    }
  }

  /** lstat; what fails is listed. Undefined when there is nothing to see. */
  function look(folder: OpenFolder, path: string): BigIntStats | undefined {
    try {
      const stats = lstatSync(`${root}/${path}`, { bigint: true, throwIfNoEntry: false });
      // Names from the include list or the index need not exist; one that readdir gave has just gone.
      const listed = folder.whole && folder.ignoredBy === undefined;
      if (stats === undefined && listed) result.skip(path, 'vanished');
      return stats;
    } catch (error) {
      skipFailed(path, error);
      return undefined;
    }
  }

  function skipFailed(path: string, error: unknown): void {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') result.skip(path, 'vanished');
    else result.skip(path, 'unreadable', code);
  }

  function leaveOut(path: string, wanted: IncludeNode | undefined, reason: string): void {
    if (wanted === undefined) return;
    for (const include of includesBelow(path, wanted)) {
      const message = `${quote(include)} is on the include list, but stays out of the code archive: ${reason}.`;
      result.warn({ code: 'include-ignored', message });
    }
  }

  /** Regular files that the include list names in a folder that is left out: they may be databases. */
  function addIgnoredIncludes(folder: string, wanted: IncludeNode | undefined): void {
    for (const [name, node] of wanted?.children ?? []) {
      const path = joinPath(folder, name);
      if (databases.has(path) || isBuiltin(name)) continue;
      const stats = lstatSync(`${root}/${path}`, { bigint: true, throwIfNoEntry: false });
      if (stats?.isDirectory() === true) addIgnoredIncludes(path, node);
      else if (stats?.isFile() === true && node.whole) result.addIgnored(path, stats);
    }
  }

  function refuseBehindLink(path: string, wanted: IncludeNode | undefined): void {
    for (const [name, node] of wanted?.children ?? []) {
      for (const include of includesBelow(joinPath(path, name), node)) {
        const message = `${quote(include)} is on the include list, but ${quote(path)} is a link, and links are not followed.`;
        result.warn({ code: 'include-behind-link', message });
        result.skip(include, 'unreadable', 'ELOOP');
      }
    }
  }

  return { visit, leaveOut };
}

function because(rule: Rule): string {
  return `the rule ${quote(rule.text)} in ${rule.source === 'the exclude list' ? rule.source : quote(rule.source)} leaves it out`;
}

/** A test for the backups folder, by its path and by what the path leads to. Throws when it is the root itself. */
function createBackupsTest({ root, backups }: WalkOptions): (path: string, stats: BigIntStats) => boolean {
  const backupsPath = relative(root, backups);
  if (backupsPath === '') {
    throw new AppError('backups-around-code', `The backups folder ${backups} is the root itself.`, {
      hint: 'Choose a folder of its own for the backups.',
    });
  }
  const target = statSync(backups, { bigint: true, throwIfNoEntry: false });
  return (path, stats) =>
    path === backupsPath || (target !== undefined && stats.dev === target.dev && stats.ino === target.ino);
}
