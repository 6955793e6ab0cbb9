import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { Activity, Sample } from '../../shared/results.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import { openStateFile } from './state-schema.ts';

/** What happened, without its time. */
export interface NewActivity {
  /** The Codex folder that it is about; null for all. */
  readonly root: string | null;
  readonly kind: string;
  readonly ok: boolean;
  readonly snapshot: string | null;
  readonly message: string;
}

/** A row of one look; `at` is the clock's. */
export type NewSample = Omit<Sample, 'at'>;

export interface ActivityRange {
  /** Only what is about this Codex folder, or about all. */
  readonly root: string | null;
  readonly limit: number;
  /** Only what is older than the row with this id. */
  readonly before?: number | undefined;
}

export interface SampleRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * `state.db` in the app home: what happened, and looks at the Brain. It holds no memory: a damaged one is kept aside and
 * told of, and a new one is made. Each method opens the file when it needs it.
 */
export interface StateDatabase {
  /** Keeps the newest 10,000. */
  recordActivity(activity: NewActivity): Promise<void>;
  /** Newest first. */
  listActivity(range: ActivityRange): Promise<readonly Activity[]>;
  /** Thins the older ones now and then. */
  addSample(root: string, sample: NewSample): Promise<void>;
  /** Oldest first. */
  listSamples(root: string, range: SampleRange): Promise<readonly Sample[]>;
  /** Of samples older than a day one per 10 minutes stays, after two weeks one per hour, after 90 days one per day. */
  thinSamples(): Promise<void>;
  close(): void;
}

export interface StateOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const keptActivities = 10_000;
/** Whatever the clock says. */
const keptSamples = 50_000;
const samplesBetweenThinning = 200;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const thinning = [
  { olderThanMs: dayMs, oneEachMs: 10 * minuteMs },
  { olderThanMs: 14 * dayMs, oneEachMs: 60 * minuteMs },
  { olderThanMs: 90 * dayMs, oneEachMs: dayMs },
];

export function openStateDatabase(options: StateOptions): StateDatabase {
  const { clock } = options;
  const { use, close } = createConnection(options);
  return {
    recordActivity: ({ root, kind, ok, snapshot, message }) =>
      use((db) => {
        const insert = db.prepare(
          'INSERT INTO activity (at, root, kind, ok, snapshot, message) VALUES (?, ?, ?, ?, ?, ?)',
        );
        const { lastInsertRowid } = insert.run(clock.now(), root, kind, ok ? 1 : 0, snapshot, message);
        db.prepare('DELETE FROM activity WHERE id <= ?').run(Number(lastInsertRowid) - keptActivities);
      }),
    listActivity: (range) => use((db) => selectActivity(db, range)),
    addSample: (root, { bytes, usedBytes, rows }) =>
      use((db) => {
        const insert = db.prepare('INSERT INTO samples (at, root, bytes, usedBytes, rows) VALUES (?, ?, ?, ?, ?)');
        const id = Number(insert.run(clock.now(), root, bytes, usedBytes, rows).lastInsertRowid);
        if (id % samplesBetweenThinning === 0) thin(db, clock.now());
      }),
    listSamples: (root, range) => use((db) => selectSamples(db, root, range)),
    thinSamples: () => use((db) => thin(db, clock.now())),
    close,
  };
}

interface Connection {
  /** Runs `work` on the open file; on a damaged one, once more on a new one. */
  use<T>(work: (db: Database.Database) => T): Promise<T>;
  close(): void;
}

function createConnection({ home, clock, logger }: StateOptions): Connection {
  const file = join(home, 'state.db');
  let opening: Promise<Database.Database> | undefined;
  let open: Database.Database | undefined;
  const close = (): void => {
    open?.close();
    open = undefined;
    opening = undefined;
  };
  const attempt = async <T>(work: (db: Database.Database) => T): Promise<T> => {
    opening ??= openStateFile(file);
    try {
      open = await opening;
      return work(open);
    } catch (error) {
      if (open === undefined) opening = undefined;
      throw error;
    }
  };
  return {
    close,
    use: async (work) => {
      try {
        return await attempt(work);
      } catch (error) {
        if (!isDamage(error)) throw error;
        close();
        const kept = keepAside(file, clock.now());
        logger.warn(`${file} was damaged (${String(error)}) and is kept as ${kept}; a new one was made.`);
        return await attempt(work);
      }
    },
  };
}

const isDamage = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/.test(systemErrorCode(error) ?? '');

/** With its side files, which belong to it and to no other. */
function keepAside(file: string, nowMs: number): string {
  const kept = `${file}.damaged-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix);
  }
  return kept;
}

function selectActivity(db: Database.Database, { root, limit, before }: ActivityRange): readonly Activity[] {
  const select = db.prepare<[number, string | null, number], ActivityRow>(
    `SELECT id, at, kind, ok, snapshot, message FROM activity
      WHERE id < ? AND (root IS NULL OR root IS ?) ORDER BY id DESC LIMIT ?`,
  );
  return select
    .all(before ?? Number.MAX_SAFE_INTEGER, root, limit)
    .map((row) => ({ ...row, at: new Date(row.at).toISOString(), ok: row.ok === 1 }));
}

type ActivityRow = Omit<Activity, 'at' | 'ok'> & { readonly at: number; readonly ok: number };

function selectSamples(db: Database.Database, root: string, { fromMs, toMs }: SampleRange): readonly Sample[] {
  const select = db.prepare<[string, number, number], SampleRow>(
    'SELECT at, bytes, usedBytes, rows FROM samples WHERE root = ? AND at BETWEEN ? AND ? ORDER BY at, id',
  );
  return select.all(root, fromMs, toMs).map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
}

type SampleRow = Omit<Sample, 'at'> & { readonly at: number };

function thin(db: Database.Database, nowMs: number): void {
  const remove = db.prepare(`DELETE FROM samples WHERE at < @limit AND id NOT IN
    (SELECT max(id) FROM samples WHERE at < @limit GROUP BY root, at / CAST(@each AS INTEGER))`);
  for (const { olderThanMs, oneEachMs } of thinning) remove.run({ limit: nowMs - olderThanMs, each: oneEachMs });
  db.prepare('DELETE FROM samples WHERE id <= (SELECT max(id) FROM samples) - ?').run(keptSamples);
}
