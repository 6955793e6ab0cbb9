import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { Coverage } from '../../shared/results.ts';
import { hasSqliteHeader } from '../brain/inspect.ts';
import { createBuiltinTest, isBrowserProfile } from '../code/builtin-excludes.ts';

export interface CoverageOptions {
  readonly root: string;
  readonly include: readonly string[];
  readonly backups: string;
  readonly brainPath: string;
  /** Databases that a snapshot holds as parts, relative to the root. */
  readonly databases: readonly string[];
}

/**
 * What no snapshot would hold: services (folders with a package.json) outside the include list, and SQLite databases
 * anywhere under the root that are no part. Folders that are always excluded are not looked into.
 */
export function auditCoverage(options: CoverageOptions): Coverage {
  const services: string[] = [];
  const databases: string[] = [];
  const isExcluded = createBuiltinTest();
  const covered = new Set([options.brainPath, ...options.databases]);
  const visit = (folder: string): void => {
    const full = join(options.root, folder);
    const entries = readFolder(full);
    if (folder !== '' && entries.some(({ name }) => name === 'package.json') && !isIncluded(folder, options.include)) {
      services.push(folder);
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isExcluded(entry.name) || join(options.root, path) === options.backups) continue;
      if (entry.isDirectory() && !isBrowserProfile(join(options.root, path))) visit(path);
      else if (entry.isFile() && !covered.has(path) && isDatabase(join(options.root, path))) databases.push(path);
    }
  };
  visit('');
  return { services: services.sort(), databases: databases.sort() };
}

const isIncluded = (path: string, include: readonly string[]): boolean =>
  include.some((entry) => path === entry || path.startsWith(`${entry}/`));

/** Of folders that can't be read nothing can be said; the snapshot itself names those that it should hold. */
function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
}

function isDatabase(path: string): boolean {
  try {
    const stats = lstatSync(path, { bigint: true });
    return stats.isFile() && stats.size >= 512n && hasSqliteHeader(path, stats);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}
