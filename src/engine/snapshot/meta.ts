import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { z } from '../../shared/zod.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { writeFailure } from '../platform/system-failure.ts';

const check = z.strictObject({
  kind: z.enum(['verify', 'drill']),
  at: z.iso.datetime(),
  durationMs: z.number().min(0),
  ok: z.boolean(),
  problems: z.array(z.strictObject({ file: z.string(), message: z.string() })),
});

const metaSchema = z.strictObject({
  version: z.literal(1),
  /** True for a snapshot of v1.5: a folder that has nothing but this record to tell it from a damaged one. */
  legacy: z.boolean(),
  pinned: z.boolean(),
  note: z.string(),
  /** Newest last; at most `keptChecks`. */
  checks: z.array(check),
});

/** What is known of a snapshot beside it: `.meta/<id>.json`, version 1. Never inside the snapshot. */
export type Meta = z.infer<typeof metaSchema>;
export type MetaCheck = Meta['checks'][number];

const keptChecks = 20;
const keptProblems = 50;

export const metaFolder = (backups: string): string => join(backups, '.meta');
const metaFile = (backups: string, id: string): string => join(metaFolder(backups), `${id}.json`);

/** What holds for a snapshot without a record. */
export const noMeta: Meta = { version: 1, legacy: false, pinned: false, note: '', checks: [] };

/** Ids that have a record, to spare a look for each of those that have none. */
export function listMetaIds(backups: string): ReadonlySet<string> {
  try {
    const names = readdirSync(metaFolder(backups));
    return new Set(names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return new Set();
    throw error;
  }
}

/** The record of a snapshot; an empty one where there is none. A record that can't be read is an error, not a reset. */
export function readMeta(backups: string, id: string): Meta {
  const file = metaFile(backups, id);
  try {
    return metaSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return noMeta;
    throw new AppError('io', `The record ${file} can not be read.`, {
      hint: 'Correct or remove that file: it holds the pin, the note and the checks of that snapshot, and no memory.',
      cause: error,
    });
  }
}

/** Changes the record of a snapshot. The caller holds the writer lock. */
export function updateMeta(backups: string, id: string, change: (meta: Meta) => Meta): Meta {
  const meta = change(readMeta(backups, id));
  const file = metaFile(backups, id);
  try {
    mkdirSync(metaFolder(backups), { recursive: true, mode: 0o700 });
    replaceFile(file, `${JSON.stringify(meta, null, 2)}\n`);
  } catch (error) {
    throw writeFailure(error, file);
  }
  return meta;
}

/** Adds a check to a record, and keeps the newest of them. */
export function addCheck(meta: Meta, made: MetaCheck): Meta {
  const bounded = { ...made, problems: made.problems.slice(0, keptProblems) };
  return { ...meta, checks: [...meta.checks, bounded].slice(-keptChecks) };
}

export function removeMeta(backups: string, id: string): void {
  rmSync(metaFile(backups, id), { force: true });
}
