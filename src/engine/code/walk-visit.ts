import { isUtf8 } from 'node:buffer';
import { type BigIntStats, lstatSync, readlinkSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { createBuiltinTest, isEnvName, withSideFiles } from './builtin-excludes.ts';
import { type IncludeNode, joinPath } from './include-list.ts';
import { describeRule, refuseBehindLink, warnLeftOut } from './left-out-includes.ts';
import type { Rule } from './rule-pattern.ts';
import type { WalkOptions } from './walk-options.ts';
import type { WalkResult } from './walk-result.ts';
import { findExclude, findIgnore, findTracked, nameBytes, type Scope } from './walk-scope.ts';

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

/** What a name of a folder stands for; a folder that is to be entered is given back as this. */
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

/** Decides on each name of the folders that a walk opens. */
export class Visitor {
  readonly #root: string;
  readonly #result: WalkResult;
  readonly #isBuiltin = createBuiltinTest();
  readonly #databases: ReadonlySet<string>;
  readonly #isBackups: (path: string, stats: BigIntStats) => boolean;

  constructor(options: WalkOptions, result: WalkResult) {
    this.#root = options.root;
    this.#result = result;
    this.#databases = withSideFiles(options.databasePaths);
    this.#isBackups = createBackupsTest(options);
  }

  /** Adds what has that name to the result or leaves it out; a folder to be entered is given back. */
  visit(folder: OpenFolder, name: string): Found | undefined {
    const path = joinPath(folder.path, name);
    if (this.#databases.has(path)) return undefined;
    const stats = this.#look(folder, path);
    if (stats === undefined) return undefined;
    const wanted = folder.wanted?.children.get(name);
    const because = this.#reasonBeforeRules(folder, name, path, stats);
    if (because !== undefined) {
      if (isEnvName(name) && stats.isFile()) this.#result.addEnv(path);
      warnLeftOut(this.#result, path, wanted, because);
      return undefined;
    }
    const whole = folder.whole || wanted?.whole === true;
    const isFolder = stats.isDirectory();
    const ignoredBy = folder.ignoredBy ?? findIgnore(folder.scope, nameBytes(folder.scope, name), isFolder);
    const absolute = `${this.#root}/${path}`;
    const found: Found = { path, absolute, name, stats, parent: folder.scope, wanted, whole, ignoredBy };
    if (ignoredBy !== undefined) return this.#passIgnored(folder, found, ignoredBy);
    if (isFolder) return found;
    this.#add(found);
    return undefined;
  }

  /** What lies at a path now; undefined when there is nothing to see. */
  #look(folder: OpenFolder, path: string): BigIntStats | undefined {
    const stats = this.#lstat(path);
    // Names from the include list or the index need not exist; one that readdir gave has just gone.
    const listed = folder.whole && folder.ignoredBy === undefined;
    if (stats === null && listed) this.#result.skip(path, 'vanished');
    return stats ?? undefined;
  }

  /** Null when there is nothing; undefined when the system refused, which is listed. */
  #lstat(path: string): BigIntStats | null | undefined {
    try {
      return lstatSync(`${this.#root}/${path}`, { bigint: true, throwIfNoEntry: false }) ?? null;
    } catch (error) {
      this.#skipFailed(path, error);
      return undefined;
    }
  }

  /** What leaves a path out whether it is tracked or not. */
  #reasonBeforeRules(folder: OpenFolder, name: string, path: string, stats: BigIntStats): string | undefined {
    if (this.#isBuiltin(name)) return 'such names are always left out';
    if (this.#isBackups(path, stats)) return 'it is the backups folder';
    const exclude = findExclude(folder.scope, nameBytes(folder.scope, name), stats.isDirectory());
    return exclude === undefined ? undefined : describeRule(exclude);
  }

  /** What a rule leaves out, unless it is tracked or holds tracked files. */
  #passIgnored(folder: OpenFolder, found: Found, rule: Rule): Found | undefined {
    const { path, name, stats, wanted } = found;
    const tracked = findTracked(folder.scope, nameBytes(folder.scope, name));
    if (!stats.isDirectory() && tracked?.kind === 'file') {
      this.#add(found);
      return undefined;
    }
    if (stats.isDirectory() && tracked?.kind === 'repository') return { ...found, ignoredBy: undefined };
    warnLeftOut(this.#result, path, wanted, describeRule(rule));
    if (stats.isDirectory() && tracked?.kind === 'folder') return found;
    const isNamed = folder.ignoredBy === undefined || wanted?.whole === true;
    if (stats.isDirectory()) this.#addIgnoredIncludes(path, wanted);
    else if (stats.isFile() && isNamed) this.#result.addIgnored(path, stats);
    return undefined;
  }

  /** Regular files that the include list names in a folder that is left out: they may be databases. */
  #addIgnoredIncludes(folder: string, wanted: IncludeNode | undefined): void {
    for (const [name, node] of wanted?.children ?? []) {
      const path = joinPath(folder, name);
      if (this.#databases.has(path) || this.#isBuiltin(name)) continue;
      const stats = this.#lstat(path);
      if (stats?.isDirectory() === true) this.#addIgnoredIncludes(path, node);
      else if (stats?.isFile() === true && node.whole) this.#result.addIgnored(path, stats);
    }
  }

  /** Adds what is no folder. */
  #add({ path, absolute, stats, wanted, whole }: Found): void {
    if (stats.isSymbolicLink()) refuseBehindLink(this.#result, path, wanted);
    if (!whole) return;
    if (stats.isFile()) this.#result.addFile(path, stats);
    else if (stats.isSymbolicLink()) this.#addLink(path, absolute, stats);
    else this.#result.skip(path, 'special');
  }

  #addLink(path: string, absolute: string, stats: BigIntStats): void {
    try {
      const target = readlinkSync(absolute, { encoding: 'buffer' });
      if (isUtf8(target)) this.#result.addLink(path, stats, target.toString('utf8'));
      else this.#result.skip(path, 'name', 'the link points to a name that is not UTF-8');
    } catch (error) {
      this.#skipFailed(path, error);
    }
  }

  #skipFailed(path: string, error: unknown): void {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    this.#result.skipFailed(path, code);
  }
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
