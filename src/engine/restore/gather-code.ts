import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { OnProgress } from '../../shared/progress.ts';
import type { CodeEntry } from '../code/code-entry.ts';
import type { EngineContext } from '../context.ts';
import { surveyRoot, withoutHeld } from '../snapshot/find-databases.ts';
import type { CodeSource, SourceEntry } from './code-source.ts';
import { findCoveredThen } from './covered-then.ts';
import { compareLive, type LiveEntry, lookAt } from './live-entry.ts';
import { isWanted, parentsOf } from './path-tree.ts';

/** What the planner knows of the code: the snapshot's entries, what lies there now, and what lies there besides. */
export interface CodeFacts {
  /** By path, a folder before what is in it. */
  readonly entries: readonly SourceEntry[];
  /** By path; where nothing lies, or only behind something that is no folder, there is no entry. */
  readonly live: ReadonlyMap<string, LiveEntry>;
  /** Not in the snapshot, but covered by its rules and by today's: by path, a folder before what is in it. */
  readonly extra: readonly CodeEntry[];
  /** Folders that hold something that is in neither list. */
  readonly mixedFolders: ReadonlySet<string>;
  /** Entries whose place belongs to something that no code restore touches. */
  readonly untouchable: readonly Untouchable[];
}

/** `uncovered`: of a v1.5 snapshot, which knew no rules, where something lies that today's rules leave out. */
export interface Untouchable {
  readonly path: string;
  readonly reason: 'database' | 'uncovered';
}

export interface GatherCodeOptions {
  readonly context: EngineContext;
  readonly source: CodeSource;
  /** Paths of all databases of the snapshot. */
  readonly databases: readonly string[];
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
}

/** Walks the root, and compares what is covered with the snapshot. Opens files, so no database may be open here. */
export async function gatherCode(options: GatherCodeOptions): Promise<CodeFacts> {
  const { context, source, paths, signal } = options;
  const root = context.root();
  const { include, exclude } = context.settings();
  const survey = await surveyRoot({
    root,
    include,
    exclude,
    backups: context.backups(),
    brainPath: context.brainPath(),
    knownDatabases: options.databases,
    findUnknown: (entries) => withoutHeld(entries, source.index),
    signal,
    onProgress: options.onProgress,
  });
  const databases = new Set([context.brainPath(), ...survey.databases, ...options.databases].flatMap(withSideFiles));
  const known = new Set(source.entries.map(({ path }) => path));
  const wanted = withParents(
    source.entries.filter(({ path }) => isWanted(path, paths)),
    source.entries,
  );
  const untouchable = findUntouchable(wanted, options, { databases, walked: survey.walk.entries });
  const leftPaths = new Set(untouchable.map(({ path }) => path));
  const entries = wanted.filter(({ path }) => !leftPaths.has(path));
  const candidates = survey.walk.entries.filter(({ path }) => isWanted(path, paths) && !known.has(path));
  const extra = await findCoveredThen(options, candidates);
  const live = compareAll(root, entries, survey.walk.entries, signal);
  return {
    entries,
    live,
    extra,
    mixedFolders: findMixedFolders(root, [...extra, ...conflicting(entries, live)], extra),
    untouchable,
  };
}

const withSideFiles = (path: string): readonly string[] => [path, `${path}-wal`, `${path}-shm`, `${path}-journal`];

/** Single paths need the folders that they lie in. */
function withParents(wanted: readonly SourceEntry[], all: readonly SourceEntry[]): readonly SourceEntry[] {
  if (wanted.length === all.length) return all;
  const paths = new Set(wanted.flatMap(({ path }) => [...parentsOf(path), path]));
  return all.filter(({ path }) => paths.has(path));
}

/** With all that lies below: nothing is brought in through what stays, which may be a link. */
function findUntouchable(
  wanted: readonly SourceEntry[],
  { context, source }: GatherCodeOptions,
  found: { readonly databases: ReadonlySet<string>; readonly walked: readonly CodeEntry[] },
): readonly Untouchable[] {
  const root = context.root();
  const backups = relative(root, context.backups());
  const knowsRules = source.index !== undefined;
  const covered = new Set(knowsRules ? [] : found.walked.map(({ path }) => path));
  const isUncovered = ({ path, kind }: SourceEntry): boolean => {
    const stats = knowsRules || covered.has(path) ? undefined : lookAt(join(root, path));
    return stats !== undefined && !(kind === 'folder' && stats.isDirectory());
  };
  const left = new Map<string, Untouchable['reason']>();
  for (const entry of wanted) {
    const { path } = entry;
    const above = left.size === 0 ? undefined : parentsOf(path).find((parent) => left.has(parent));
    const reason = above === undefined ? undefined : left.get(above);
    if (reason !== undefined) left.set(path, reason);
    else if (found.databases.has(path) || isWanted(path, [backups])) left.set(path, 'database');
    else if (isUncovered(entry)) left.set(path, 'uncovered');
  }
  return [...left].map(([path, reason]) => ({ path, reason }));
}

/** What the walk has just seen is not looked at again. */
function compareAll(
  root: string,
  entries: readonly SourceEntry[],
  walked: readonly CodeEntry[],
  signal: AbortSignal,
): ReadonlyMap<string, LiveEntry> {
  const live = new Map<string, LiveEntry>();
  const seen = new Map(walked.map((entry) => [entry.path, entry]));
  for (const entry of entries) {
    signal.throwIfAborted();
    // Behind a link, or a file, there is nothing of ours: it gives way to the folder.
    const parent = entry.path.includes('/') ? live.get(entry.path.slice(0, entry.path.lastIndexOf('/'))) : undefined;
    if (entry.path.includes('/') && parent?.kind !== 'folder') continue;
    const found = compareLive(join(root, entry.path), entry, seen.get(entry.path));
    if (found !== undefined) live.set(entry.path, found);
  }
  return live;
}

/** Folders in the place of a file or a link. */
function conflicting(entries: readonly SourceEntry[], live: ReadonlyMap<string, LiveEntry>): readonly FolderPath[] {
  return entries.flatMap(({ path, kind }) =>
    kind !== 'folder' && live.get(path)?.kind === 'folder' ? [{ path, kind: 'folder' }] : [],
  );
}

type FolderPath = Pick<CodeEntry, 'path' | 'kind'>;

/** Of these folders, those that hold something that is not among `covered`. */
function findMixedFolders(
  root: string,
  folders: readonly FolderPath[],
  covered: readonly CodeEntry[],
): ReadonlySet<string> {
  const known = new Set(covered.map(({ path }) => path));
  const mixed = new Set<string>();
  for (const { path, kind } of folders) {
    if (kind !== 'folder' || mixed.has(path)) continue;
    const inner = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
    const isMixed = inner.some((entry) => !known.has(relative(root, join(entry.parentPath, entry.name))));
    if (isMixed) mixed.add(path);
  }
  return mixed;
}
