import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { type DatabasePart, type Snapshot, snapshotFiles } from '../../shared/model.ts';
import type { DatabaseView, MemoryRow, TableView } from '../../shared/protocol/snapshot-views.ts';
import { type Look, lookAtDatabase } from '../brain/look.ts';
import { newestRows, readTables } from '../brain/read-copy.ts';
import type { EngineContext } from '../context.ts';
import type { NewestOptions } from '../engine.ts';
import { readCatalog, resolveSnapshot } from '../snapshot/catalog.ts';
import { asReader } from './with-locks.ts';

const usualRows = 50;

/** The tables of a snapshot's databases, against the snapshot before it and against now. */
export function databases(context: EngineContext, reference: string): Promise<readonly DatabaseView[]> {
  return asReader(context, 'browse', async () => {
    const backups = context.backups();
    const { snapshot } = resolveSnapshot(backups, reference);
    const catalog = readCatalog(backups).map((entry) => entry.snapshot);
    const older = catalog.slice(catalog.findIndex(({ id }) => id === snapshot.id) + 1);
    const views: DatabaseView[] = [];
    for (const part of partsOf(snapshot)) {
      const tables = await tablesOf(snapshot, part);
      const before = older.flatMap(partsOf).find(({ file }) => file === part.file);
      const now = lookAtNow(context, snapshot, part);
      const { bytes, integrity, foreignKeyViolations } = part;
      const isBrain = part.file === snapshotFiles.brain;
      const view = (table: (typeof tables)[number]): TableView => compareTable(table, before, now);
      views.push({ path: part.path, isBrain, bytes, integrity, foreignKeyViolations, tables: tables.map(view) });
    }
    return views;
  });
}

/** The newest rows, newest first. */
export function newestMemories(
  context: EngineContext,
  reference: string,
  { database, table, limit = usualRows }: NewestOptions = {},
): Promise<readonly MemoryRow[]> {
  return asReader(context, 'browse', async () => {
    const { snapshot } = resolveSnapshot(context.backups(), reference);
    const parts = partsOf(snapshot);
    const part = database === undefined ? snapshot.brain : parts.find(({ path }) => path === database);
    if (!part) throw new AppError('entry-missing', `The snapshot ${snapshot.id} holds no such database.`, {});
    const file = join(snapshot.path, part.file);
    const names = table === undefined ? (await tablesOf(snapshot, part)).map(({ name }) => name) : [table];
    const rows: MemoryRow[] = [];
    for (const name of names) {
      const found = await newestRows(file, name, limit);
      rows.push(...found.map((row) => ({ database: part.path, table: name, ...row })));
    }
    if (table !== undefined) return rows;
    const dated = rows.filter(({ createdAt }) => createdAt !== null);
    return dated.sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1)).slice(0, limit);
  });
}

const partsOf = ({ brain, databases: others }: Snapshot): readonly DatabasePart[] =>
  [brain, ...others].filter((part) => part !== null);

/** v1.5 wrote down no tables. */
async function tablesOf({ path }: Snapshot, part: DatabasePart): Promise<DatabasePart['tables']> {
  return part.tables.length > 0 ? part.tables : readTables(join(path, part.file));
}

/** Undefined where it is gone, locked or unreadable at this moment. */
function lookAtNow(context: EngineContext, snapshot: Snapshot, part: DatabasePart): Look | undefined {
  const path = part.file === snapshotFiles.brain ? context.brainPath() : part.path;
  try {
    return lookAtDatabase(join(context.root(), path)) ?? undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.logger.debug(`${path} is not compared with ${snapshot.id}: ${error.message}`);
    return undefined;
  }
}

function compareTable(
  { name, rows, maxRowid }: DatabasePart['tables'][number],
  before: DatabasePart | undefined,
  now: Look | undefined,
): TableView {
  const previous = before?.tables.find((table) => table.name === name);
  const live = now?.tables.find((table) => table.name === name);
  const canTell = live !== undefined && (maxRowid !== null || rows === 0);
  return {
    name,
    rows,
    sincePrevious: previous === undefined ? null : rows - previous.rows,
    madeSince: canTell ? Math.max(0, (live.maxRowid ?? 0) - (maxRowid ?? 0)) : null,
  };
}
