import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { type DatabasePart, snapshotFiles } from '../../shared/model.ts';
import type { SnapshotDiff } from '../../shared/results.ts';
import { lookAtDatabase } from '../brain/look.ts';
import type { CodeEntry } from '../code/code-entry.ts';
import type { CodeIndex, IndexEntry } from '../code/code-index.ts';
import { readIndexOnce } from '../code/index-cache.ts';
import type { EngineContext } from '../context.ts';
import type { OperationOptions } from '../engine.ts';
import { hashSource } from '../platform/hash-source.ts';
import { type CatalogEntry, resolveSnapshot } from '../snapshot/catalog.ts';
import { type CodeState, type DatabaseState, diffCode, diffDatabases } from '../snapshot/diff.ts';
import { surveyRoot, withoutHeld } from '../snapshot/find-databases.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { asReader } from './with-locks.ts';

interface State {
  readonly name: string;
  readonly code: readonly CodeState[];
  readonly databases: readonly DatabaseState[];
}

/** What changed from one snapshot to another, or to `now`. */
export function diff(
  context: EngineContext,
  from: string,
  to: string,
  options: OperationOptions = {},
): Promise<SnapshotDiff> {
  return asReader(context, 'diff', async () => {
    const backups = requireBackups(context);
    const entry = resolveSnapshot(backups, from);
    const before = readState(entry);
    const after = to === 'now' ? await readStateNow(context, entry, options) : readState(resolveSnapshot(backups, to));
    return {
      from: before.name,
      to: after.name,
      code: diffCode(before.code, after.code),
      databases: diffDatabases(before.databases, after.databases),
    };
  });
}

function readState(entry: CatalogEntry): State {
  const { snapshot, manifest } = entry;
  if (manifest === null) {
    throw new AppError(
      'snapshot-damaged',
      `The snapshot ${snapshot.id} (${snapshot.status}) has no manifest to compare.`,
      {
        hint: 'Compare two snapshots that this program took: "codex-backup list".',
      },
    );
  }
  const parts: readonly DatabasePart[] = [manifest.brain, ...manifest.databases].filter((part) => part !== null);
  return { name: snapshot.id, code: openIndex(entry)?.entries ?? [], databases: parts };
}

function openIndex({ snapshot, manifest }: CatalogEntry): CodeIndex | undefined {
  return manifest?.code ? readIndexOnce(join(snapshot.path, snapshotFiles.index)) : undefined;
}

async function readStateNow(context: EngineContext, entry: CatalogEntry, options: OperationOptions): Promise<State> {
  const root = context.root();
  const { include, exclude } = context.settings();
  const index = openIndex(entry);
  const signal = options.signal ?? new AbortController().signal;
  const survey = await surveyRoot({
    root,
    include,
    exclude,
    backups: context.backups(),
    brainPath: context.brainPath(),
    knownDatabases: entry.manifest?.databases.map(({ path }) => path) ?? [],
    findUnknown: (entries) => withoutHeld(entries, index),
    signal,
    onProgress: options.onProgress,
  });
  const known = new Map(index?.entries.map((known) => [known.path, known]));
  const code = survey.walk.entries.flatMap((found) => {
    signal.throwIfAborted();
    return stateOf(root, found, known.get(found.path));
  });
  const databases = [context.brainPath(), ...survey.databases].map((path) => databaseNow(root, path));
  return { name: 'now', code, databases };
}

/** A file that looks unchanged keeps its known hash; another one is read. One that can't be read counts as gone. */
function stateOf(root: string, found: CodeEntry, known: IndexEntry | undefined): readonly CodeState[] {
  const { path, kind, size, mode, target } = found;
  const state = { path, kind, size, mode, ...(target !== undefined && { target }) };
  if (kind !== 'file') return [{ ...state, sha256: '' }];
  if (
    known !== undefined &&
    known.ino === found.ino &&
    known.ctimeNs === found.ctimeNs &&
    known.mtimeNs === found.mtimeNs &&
    known.size === size
  ) {
    return [{ ...state, sha256: known.sha256 }];
  }
  const sha256 = hashSource(join(root, path), found);
  return sha256 === undefined ? [] : [{ ...state, sha256 }];
}

function databaseNow(root: string, path: string): DatabaseState {
  const look = lookAtDatabase(join(root, path));
  return {
    path,
    bytes: look?.bytes ?? 0,
    tables: look?.tables.map(({ name, maxRowid }) => ({ name, maxRowid, rows: null })) ?? [],
  };
}
