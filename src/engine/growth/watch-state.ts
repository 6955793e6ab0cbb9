import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { z } from '../../shared/zod.ts';
import type { EngineContext } from '../context.ts';
import { replaceFile } from '../platform/durable-file.ts';

const time = z.number();

const watchStateSchema = z.strictObject({
  version: z.literal(1),
  root: z.string(),
  lookedAtMs: time,
  nextLookAtMs: time,
  /** At the last look. */
  growthBytes: z.number(),
  thresholdBytes: z.number(),
  record: z
    .strictObject({
      baselineId: z.string().nullable(),
      lowestBytes: z.number(),
      lowestUsedBytes: z.number(),
      stamp: z.string(),
      unchangedAtMs: time,
      changedSinceMs: time.nullable(),
    })
    .nullable(),
  failed: z.strictObject({ cause: z.string(), count: z.number(), atMs: time }).nullable(),
  /** The stamp of a Brain that ended abnormally (or is corrupt) and has been saved as it is. */
  rescuedStamp: z.string().nullable(),
});

/** What a watcher knows, `watch-<hash of the root>.json` in the app home, version 1. It only ever saves time. */
export type WatchState = z.infer<typeof watchStateSchema>;

type Place = Pick<EngineContext, 'home' | 'logger'>;

/** The state of the last watcher of this root; undefined without one, or when it can't be understood. */
export function readWatchState({ home, logger }: Place, root: string): WatchState | undefined {
  const file = stateFile(home, root);
  try {
    return watchStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') logger.warn(`${file} is not used: ${String(error)}`);
    return undefined;
  }
}

/** Keeps the state. On a full disk the watcher goes on without. */
export function writeWatchState({ home, logger }: Place, state: WatchState): void {
  const file = stateFile(home, state.root);
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    replaceFile(file, `${JSON.stringify(state)}\n`);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    logger.warn(`${file} can not be written: ${String(error)}`);
  }
}

function stateFile(home: string, root: string): string {
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(home, `watch-${hash}.json`);
}
