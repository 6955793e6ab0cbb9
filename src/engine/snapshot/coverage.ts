import { type Dirent, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { Coverage } from '../../shared/results.ts';
import { hasSqliteHeader } from '../brain/inspect.ts';
import { createBuiltinTest, isBrowserProfile } from '../code/builtin-excludes.ts';
import { joinPath } from '../code/include-list.ts';
import { beginScope, enterScope, findExclude, findIgnore, nameBytes, type Scope } from '../code/walk-scope.ts';
import { readFolderIfThere } from '../platform/read-if-there.ts';
import { readBootList } from './boot-list.ts';

export interface CoverageOptions {
  readonly root: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** What the user has said that no snapshot needs to hold. */
  readonly leftOut: readonly string[];
  readonly backups: string;
  readonly brainPath: string;
  /** Databases that a snapshot holds as parts, relative to the root. */
  readonly databases: readonly string[];
}

/**
 * What the next snapshot would not hold, though it might have to: services, `scripts` and files of the root outside the
 * include list, and SQLite databases anywhere under the root. What is always left out, excluded, or left out knowingly
 * is not looked into; of what git's rules ignore only databases count.
 */
export function auditCoverage(options: CoverageOptions): Coverage {
  const audit = new Audit(options);
  audit.visitRoot();
  return audit.found();
}

/** A folder on the way. */
interface Place {
  readonly path: string;
  readonly entries: readonly Dirent[];
  readonly scope: Scope;
  /** The include list names it, or a folder that it lies in. */
  readonly isIncluded: boolean;
  /** A rule of git leaves it out, so that a snapshot doesn't enter it. */
  readonly isIgnored: boolean;
  /** It lies in a service that is named already. */
  readonly inService: boolean;
}

class Audit {
  readonly #options: CoverageOptions;
  readonly #include: ReadonlySet<string>;
  readonly #leftOut: ReadonlySet<string>;
  readonly #started: ReadonlySet<string>;
  readonly #databases: ReadonlySet<string>;
  readonly #isBuiltin = createBuiltinTest();
  readonly #services: string[] = [];
  readonly #uncoveredDatabases: string[] = [];
  readonly #scripts: string[] = [];
  readonly #files: string[] = [];

  constructor(options: CoverageOptions) {
    this.#options = options;
    this.#include = new Set(options.include.map(normalize));
    this.#leftOut = new Set(options.leftOut.map(normalize));
    this.#started = new Set(readBootList(options.root));
    this.#databases = new Set([options.brainPath, ...options.databases]);
  }

  found(): Coverage {
    return {
      services: this.#services.sort(),
      databases: this.#uncoveredDatabases.sort(),
      scripts: this.#scripts,
      files: this.#files.sort(),
    };
  }

  visitRoot(): void {
    const { root, exclude } = this.#options;
    const entries = readFolderIfThere(root);
    const names = new Set(entries.map(({ name }) => name));
    const scope = beginScope(root, exclude, (name) => names.has(name), ignoreWarning);
    this.#visit({ path: '', entries, scope, isIncluded: this.#include.has(''), isIgnored: false, inService: false });
  }

  #visit(place: Place): void {
    for (const entry of place.entries) {
      const path = joinPath(place.path, entry.name);
      if (this.#isBuiltin(entry.name) || this.#leftOut.has(path) || this.#isBackups(path)) continue;
      const bytes = nameBytes(place.scope, entry.name);
      if (findExclude(place.scope, bytes, entry.isDirectory()) !== undefined) continue;
      const isIgnored = place.isIgnored || findIgnore(place.scope, bytes, entry.isDirectory()) !== undefined;
      if (entry.isDirectory()) this.#enter(place, entry.name, path, isIgnored);
      else if (entry.isFile()) this.#look(place, path, isIgnored);
    }
  }

  #enter(parent: Place, name: string, path: string, isIgnored: boolean): void {
    const absolute = join(this.#options.root, path);
    const entries = readFolderIfThere(absolute);
    const names = new Set(entries.map((entry) => entry.name));
    const holds = (wanted: string): boolean => names.has(wanted);
    if (holds('Local State') && isBrowserProfile(absolute)) return;
    const isIncluded = parent.isIncluded || this.#include.has(path);
    const scope = isIgnored ? parent.scope : enterScope(parent.scope, { absolute, path, name, holds }, ignoreWarning);
    const isService = !isIncluded && !isIgnored && (names.has('package.json') || this.#started.has(path));
    if (isService && !parent.inService) this.#services.push(path);
    if (path === 'scripts' && !isIncluded && !isIgnored && !isService) this.#scripts.push(path);
    this.#visit({ path, entries, scope, isIncluded, isIgnored, inService: parent.inService || isService });
  }

  #look(place: Place, path: string, isIgnored: boolean): void {
    // Whatever its rules leave out, a snapshot looks for databases in every folder that it enters.
    const isCovered = (place.isIncluded && !place.isIgnored) || this.#include.has(path) || this.#databases.has(path);
    if (isCovered) return;
    if (isDatabase(join(this.#options.root, path))) this.#uncoveredDatabases.push(path);
    else if (place.path === '' && !isIgnored && !isSideFile(place, path)) this.#files.push(path);
  }

  #isBackups(path: string): boolean {
    return join(this.#options.root, path) === this.#options.backups;
  }
}

const normalize = (path: string): string =>
  path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/');

/** The snapshot itself tells of rules that can't be read. */
const ignoreWarning = (): void => undefined;

/** By size first, so that few files are opened: a database is a row of pages. */
function isDatabase(path: string): boolean {
  try {
    const stats = lstatSync(path, { bigint: true });
    return stats.isFile() && stats.size >= 512n && stats.size % 512n === 0n && hasSqliteHeader(path, stats);
  } catch (error) {
    // It can't be read, or is being copied at this moment.
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

function isSideFile({ entries }: Place, path: string): boolean {
  const main = /^(.+)-(wal|shm|journal)$/.exec(path)?.[1];
  return main !== undefined && entries.some(({ name }) => name === main);
}
