import { existsSync, lstatSync } from 'node:fs';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { databaseError, isCorrupt, requireDatabaseFile } from './database-errors.ts';
import type { DatabaseFacts } from './database-facts.ts';
import type { SqliteFile } from './inspect.ts';
import { readDatabase } from './look.ts';

/** What the watcher sees of the Brain at one moment, whatever state it is in. */
export interface Observation {
  /** Changes whenever the file, its WAL, its inode or a greatest rowid does. Null without a database. */
  readonly stamp: string | null;
  /** Device and inode. */
  readonly identity: string | null;
  /** When the file or its WAL was written last. */
  readonly modifiedAtMs: number;
  /** File size with the pages that are still in the WAL. */
  readonly bytes: number;
  /** Used pages × page size; null where that can't be seen. */
  readonly usedBytes: number | null;
  readonly facts: DatabaseFacts | null;
  /** Why it could not be read, or what is wrong with it. */
  readonly problem: AppError | null;
  /** True when it has to be saved as it is: it ended abnormally, or is corrupt. */
  readonly rescue: boolean;
}

type Sight = Pick<Observation, 'bytes' | 'usedBytes' | 'facts' | 'problem' | 'rescue'>;

/** Looks at the Brain: opens, reads and closes, with a read lock held for under 5 ms. Throws only for a defect. */
export function observeBrain(path: string): Observation {
  let file: SqliteFile;
  try {
    file = requireDatabaseFile(path);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...nothing, problem: error };
  }
  const sight = canBeReadAtRest(file) ? sightAtRest(file) : sightOpen(file);
  return { ...sight, ...stampOf(file, sight.facts) };
}

const nothing: Observation = {
  stamp: null,
  identity: null,
  modifiedAtMs: 0,
  bytes: 0,
  usedBytes: null,
  facts: null,
  problem: null,
  rescue: false,
};

/** Opening a WAL database that nobody uses would leave side files beside it; all is in its header then. */
function canBeReadAtRest({ path, header }: SqliteFile): boolean {
  return header.journalMode === 'wal' && !existsSync(`${path}-wal`);
}

function sightAtRest({ stats, header }: SqliteFile): Sight {
  const bytes = Number(stats.size);
  return {
    bytes,
    usedBytes: bytes - header.freePages * header.pageSize,
    facts: null,
    problem: null,
    rescue: false,
  };
}

function sightOpen({ path, stats }: SqliteFile): Sight {
  try {
    const look = readDatabase(path);
    return { bytes: look.bytes, usedBytes: look.usedBytes, facts: look, problem: null, rescue: false };
  } catch (error) {
    const unseen = { bytes: Number(stats.size), usedBytes: null, facts: null };
    if (isHot(error)) return { ...unseen, problem: endedAbnormally(path, error), rescue: true };
    const problem = databaseError(path, error);
    if (!(problem instanceof AppError)) throw error;
    return { ...unseen, problem, rescue: isCorrupt(error) };
  }
}

/** A read-only connection can't roll back what a killed program has left. */
function isHot(error: unknown): boolean {
  return /^SQLITE_READONLY_(ROLLBACK|RECOVERY|CANTINIT)$/.test(systemErrorCode(error) ?? '');
}

function endedAbnormally(path: string, cause: unknown): AppError {
  return new AppError('brain-unclean', `The Brain ${path} ended in the middle of writing, and left its journal.`, {
    hint: 'Nothing has to be done: it is saved as it is, and repairs itself when Codex starts again.',
    cause,
    details: { path },
  });
}

function stampOf({ path, stats }: SqliteFile, facts: DatabaseFacts | null) {
  const file = lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? stats;
  const wal = lstatSync(`${path}-wal`, { bigint: true, throwIfNoEntry: false });
  const walWritten = wal !== undefined && wal.size > 0n ? wal.mtimeMs : 0n;
  const identity = `${file.dev}:${file.ino}`;
  const rowids = facts?.tables.map(({ name, maxRowid }) => `${name}=${maxRowid}`).join(',') ?? '';
  const walPart = wal === undefined || wal.size === 0n ? '-' : `${wal.size}:${wal.mtimeNs}`;
  return {
    identity,
    stamp: `${identity} ${file.size}:${file.mtimeNs} ${walPart} ${rowids}`,
    modifiedAtMs: Number(file.mtimeMs > walWritten ? file.mtimeMs : walWritten),
  };
}
