import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { Exposure, Status } from '../../shared/results.ts';
import { lookAtDatabase } from '../brain/look.ts';
import type { EngineContext } from '../context.ts';
import { computeExposure } from '../growth/exposure.ts';
import type { WatchState } from '../growth/watch-state.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';

export interface ExposureResult {
  /** Null where the Brain can't be read, and no watcher has seen what changed. */
  readonly exposure: Exposure | null;
  /** Why it can't be read. */
  readonly failure: Status['reasons'][number] | null;
}

/** What would be lost now. What a watcher has seen says since when; else it is since the baseline. */
export function lookForExposure(
  context: EngineContext,
  baseline: CatalogEntry | undefined,
  watched: WatchState | undefined,
): ExposureResult {
  const nowMs = context.clock.now();
  const sinceMs = changedSince(baseline, watched);
  try {
    const look = lookAtDatabase(join(context.root(), context.brainPath()));
    if (look !== null) return { exposure: computeExposure(look, savedState(baseline, sinceMs), nowMs), failure: null };
    const message = 'The Brain is locked by another program or can not be read, so nobody knows what has changed.';
    const hint = 'Try again; if it stays so, run "codex-backup doctor".';
    return { exposure: unseenExposure(baseline, watched, nowMs), failure: { code: 'look-failed', message, hint } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, hint = '' } = error;
    return { exposure: unseenExposure(baseline, watched, nowMs), failure: { code: 'look-failed', message, hint } };
  }
}

function savedState(baseline: CatalogEntry | undefined, sinceMs: number | undefined) {
  const { brain, createdAt } = baseline?.snapshot ?? {};
  if (!brain || createdAt === undefined) return undefined;
  return { bytes: brain.bytes, tables: brain.tables, atMs: Math.max(sinceMs ?? 0, Date.parse(createdAt)) };
}

/** The last moment at which the Brain was seen as it is in the baseline. */
function changedSince(baseline: CatalogEntry | undefined, watched: WatchState | undefined): number | undefined {
  const record = watched?.record;
  return record && record.baselineId === (baseline?.snapshot.id ?? null) ? record.unchangedAtMs : undefined;
}

/** A Brain that nobody can read may have changed all the same: a watcher sees its size and its time. */
function unseenExposure(
  baseline: CatalogEntry | undefined,
  watched: WatchState | undefined,
  nowMs: number,
): Exposure | null {
  const record = watched?.record;
  if (!record || record.changedSinceMs === null || record.baselineId !== baseline?.snapshot.id) return null;
  const bytes = watched?.growthBytes ?? 0;
  return { milliseconds: Math.max(0, nowMs - record.changedSinceMs), bytes, rows: [] };
}
