import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { z } from '../../shared/zod.ts';
import type { EngineContext } from '../context.ts';
import { replaceFile } from '../platform/durable-file.ts';

const time = z.number();

const stateSchema = z.strictObject({
  version: z.literal(1),
  /** Where it was; a copy that was moved begins anew. */
  place: z.string(),
  copyId: z.string().nullable(),
  attempt: z
    .strictObject({
      atMs: time,
      error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
      /** Failures in a row. */
      failures: z.number(),
    })
    .nullable(),
  /** When it was first in step. */
  sinceMs: time.nullable(),
  inStepAtMs: time.nullable(),
  /** The snapshots of the backups when it was in step. */
  seen: z.array(z.string()),
  /** The newest that it holds. */
  newest: z.string().nullable(),
  snapshots: z.number(),
  bytes: z.number(),
  sentBytes: z.number(),
  isSameDisk: z.boolean().nullable(),
  /** When the bytes with each hash were last read back, and whether they were what they must be. */
  verified: z.record(z.string(), z.strictObject({ atMs: time, ok: z.boolean() })),
  /** When a part of the copy was last read back. */
  sampledAtMs: time.nullable(),
  /** When its oldest bytes were; null while some never were. */
  verifiedAtMs: time.nullable(),
  drill: z.strictObject({ atMs: time, ok: z.boolean(), id: z.string() }).nullable(),
});

/** What is known of a copy: `copies/<name>/state.json` in the app home, version 1. */
export type CopyRecord = z.infer<typeof stateSchema>;

type Place = Pick<EngineContext, 'home' | 'logger'>;

export const copyHome = (home: string, name: string): string => join(home, 'copies', name);

/** What is known of a copy at that place; of one that was elsewhere, nothing. */
export function readCopyRecord({ home, logger }: Place, name: string, place: string): CopyRecord {
  const file = join(copyHome(home, name), 'state.json');
  try {
    const record = stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return record.place === place ? record : emptyRecord(place);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') logger.warn(`${file} is not used: ${String(error)}`);
    return emptyRecord(place);
  }
}

/** Keeps what is known. Where the app home can't be written, the copy itself counts more. */
export function writeCopyRecord({ home, logger }: Place, name: string, record: CopyRecord): void {
  const folder = copyHome(home, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(join(folder, 'state.json'), `${JSON.stringify(record)}\n`);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    logger.warn(`What is known of the copy ${name} can not be written: ${String(error)}`);
  }
}

export const emptyRecord = (place: string): CopyRecord => ({
  version: 1,
  place,
  copyId: null,
  attempt: null,
  sinceMs: null,
  inStepAtMs: null,
  seen: [],
  newest: null,
  snapshots: 0,
  bytes: 0,
  sentBytes: 0,
  isSameDisk: null,
  verified: {},
  sampledAtMs: null,
  verifiedAtMs: null,
  drill: null,
});
