import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { z } from '../../shared/zod.ts';
import type { EngineContext } from '../context.ts';
import { restoresFolder } from '../folders.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { type CatalogEntry, findBaseline, readCatalog } from './catalog.ts';

/** `baseline.json` of the restores folder, version 1: what the Brain was made equal to by the latest restore. */
const recordSchema = z.strictObject({
  version: z.literal(1),
  /** The snapshot that the Brain comes from; null where nobody knows, or has saved it. */
  snapshot: z.string().nullable(),
  /** The newest good snapshot of that time: once there is a newer one, this record means nothing any more. */
  newest: z.string().nullable(),
});

type BaselineRecord = z.infer<typeof recordSchema>;

const recordFile = (root: string): string => join(restoresFolder(root), 'baseline.json');

/**
 * What growth, exposure and retention are measured from: the newest snapshot with a good Brain, or, while none was taken
 * since a restore, the snapshot that was restored.
 */
export function currentBaseline(context: EngineContext, catalog: readonly CatalogEntry[]): CatalogEntry | undefined {
  const newest = findBaseline(catalog);
  const record = readRecord(context);
  if (record === undefined || record.newest !== (newest?.snapshot.id ?? null)) return newest;
  return findBaseline(catalog.filter(({ snapshot }) => snapshot.id === record.snapshot)) ?? newest;
}

/** Notes what the Brain was made equal to. May be repeated. */
export function noteRestoredBrain(context: EngineContext, snapshot: string | null): void {
  const newest = findBaseline(readCatalog(context.backups()))?.snapshot.id ?? null;
  const record: BaselineRecord = { version: 1, snapshot, newest };
  mkdirSync(restoresFolder(context.root()), { recursive: true, mode: 0o700 });
  replaceFile(recordFile(context.root()), `${JSON.stringify(record)}\n`);
}

/** A damaged record counts as none: the next snapshot makes it meaningless anyway. */
function readRecord({ root, logger }: EngineContext): BaselineRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordFile(root()), 'utf8')));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ENOENT') logger.warn(`${recordFile(root())} can not be read: ${String(error)}`);
    return undefined;
  }
}
