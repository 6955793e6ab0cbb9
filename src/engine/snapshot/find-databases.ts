import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { hasSqliteHeader } from '../brain/inspect.ts';
import type { CodeEntry, Walk } from '../code/code-entry.ts';
import type { CodeIndex } from '../code/code-index.ts';
import { walkCode } from '../code/walk.ts';
import type { TouchedHint } from '../code/walk-options.ts';

export interface SurveyOptions {
  readonly root: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly backups: string;
  readonly brainPath: string;
  /** Databases that the last snapshot held, relative to the root. */
  readonly knownDatabases: readonly string[];
  /** Those of the walk's entries that are not known to be no databases; only these are opened. */
  readonly findUnknown: (entries: readonly CodeEntry[]) => readonly CodeEntry[];
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
  readonly onTouched?: TouchedHint | undefined;
}

export interface Survey {
  readonly walk: Walk;
  /** Databases under the included folders besides the Brain, relative to the root, in order. */
  readonly databases: readonly string[];
}

/**
 * Finds what a snapshot takes: the code by walking, the databases by their header. It opens and closes files, so it
 * must run while this process holds no database open.
 */
export async function surveyRoot(options: SurveyOptions): Promise<Survey> {
  const known = options.knownDatabases.filter((path) => isDatabase(options.root, path));
  const walk = await walkWithout(options, known);
  const found = [...options.findUnknown(walk.entries), ...walk.ignoredFiles]
    .filter((entry) => couldBeDatabase(entry) && hasHeader(options.root, entry))
    .map(({ path }) => path)
    .filter((path) => path !== options.brainPath);
  const databases = [...new Set([...known, ...found])].sort();
  const inCode = new Set(walk.entries.map(({ path }) => path));
  // A database among the code: walk again without it and its side files, whose times would else mark their folders.
  if (found.some((path) => inCode.has(path))) return { walk: await walkWithout(options, databases), databases };
  return { walk, databases };
}

/** The entries that an index doesn't hold unchanged: what it holds is code, and no database. */
export function withoutHeld(entries: readonly CodeEntry[], index: CodeIndex | undefined): readonly CodeEntry[] {
  const byPath = new Map(index?.entries.map((entry) => [entry.path, entry]));
  return entries.filter(({ path, ino, ctimeNs }) => {
    const held = byPath.get(path);
    return held === undefined || held.ino !== ino || held.ctimeNs !== ctimeNs;
  });
}

function walkWithout(options: SurveyOptions, databases: readonly string[]): Promise<Walk> {
  const { root, include, exclude, backups, brainPath, signal, onProgress } = options;
  return walkCode({
    root,
    include,
    exclude,
    backups,
    databasePaths: [brainPath, ...databases],
    signal,
    ...(onProgress !== undefined && { onProgress }),
    onTouched: options.onTouched,
  });
}

/** The smallest SQLite file is one page of 512 bytes. */
const couldBeDatabase = (entry: CodeEntry): boolean => entry.kind === 'file' && entry.size >= 512;

/** A database that was there and can't be read now still is one: its capture says why, and the snapshot names it. */
function isDatabase(root: string, path: string): boolean {
  try {
    const stats = lstatSync(join(root, path), { bigint: true });
    return stats.isFile() && hasSqliteHeader(join(root, path), stats);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return !isGone.has(code);
  }
}

/** A file that can't be read is taken for what its name says; as part of the code it will be listed as unreadable. */
function hasHeader(root: string, entry: CodeEntry): boolean {
  try {
    return hasSqliteHeader(join(root, entry.path), entry);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return !isGone.has(code) && databaseName.test(entry.path);
  }
}

/** Vanished, or not a regular file any more. */
const isGone: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EKIND']);

const databaseName = /\.(db|db3|sqlite|sqlite3)$/i;
