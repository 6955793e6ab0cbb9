import { join } from 'node:path';
import type { AppError } from '../../shared/app-error.ts';
import { type Observation, observeBrain } from '../brain/observe-brain.ts';
import type { EngineContext } from '../context.ts';
import { changeDueMs, type Decision, decide, type WatchRules } from './decide.ts';
import { followClock, type GrowthRecord, growthOf, recordLook, type Sighting } from './growth-record.ts';
import type { CheckedSnapshot } from './plan-check.ts';
import { differsFromSaved, type SavedState } from './saved-brain.ts';
import type { WatchState } from './watch-state.ts';

/** What one look came to, and what to do about it. */
export interface WatchPlan {
  readonly state: WatchState;
  readonly decision: Decision;
  readonly bytes: number;
  readonly growthBytes: number;
  readonly thresholdBytes: number;
  readonly problem: AppError | null;
  /** Device and inode of the Brain; null where there is none. */
  readonly identity: string | null;
  readonly stamp: string | null;
  readonly rescue: boolean;
  readonly checks: readonly CheckedSnapshot[];
  /** When something is due before the next look would be; null otherwise. */
  readonly nextDueMs: number | null;
}

/** Looks at the Brain and at what is saved of it, and decides. Throws AppError `busy` while this process copies it. */
export async function takeLook(
  context: EngineContext,
  before: WatchState,
  readSaved: (backups: string, nowMs: number) => SavedState,
): Promise<WatchPlan> {
  const nowMs = context.clock.now();
  const rules = watchRules(context);
  const observation = observeBrain(join(context.root(), context.brainPath()));
  if (observation.problem?.code === 'busy') throw observation.problem;
  const { saved, lastAutomaticAtMs, checks } = readSaved(context.backups(), nowMs);
  const isSaved = isSavedAsItIs(observation, before);
  const record = nextRecord(before, observation, saved, isSaved, nowMs);
  const latest =
    isSaved && saved !== undefined ? saved : { bytes: observation.bytes, usedBytes: observation.usedBytes ?? 0 };
  const growthBytes = record === null ? 0 : growthOf(record, latest);
  const rescue = observation.rescue && observation.stamp !== before.rescuedStamp;
  const { failed } = before;
  const baselineAtMs = saved?.atMs ?? null;
  const decision: Decision =
    record === null
      ? { kind: 'nothing' }
      : decide({ nowMs, record, latest, baselineAtMs, lastAutomaticAtMs, failed, rescue }, rules);
  await keepSample(context, observation);
  const { thresholdBytes } = rules;
  return {
    state: { ...before, lookedAtMs: nowMs, growthBytes, thresholdBytes, record },
    decision,
    bytes: observation.bytes,
    growthBytes,
    thresholdBytes,
    problem: observation.problem,
    identity: observation.identity,
    stamp: observation.stamp,
    rescue,
    checks,
    nextDueMs: nextDue(decision, record, rules, nowMs),
  };
}

function watchRules(context: EngineContext): WatchRules {
  const { thresholdBytes, changeMinutes, minPauseSeconds, schedule } = context.settings().watch;
  return { thresholdBytes, changeMs: changeMinutes * 60_000, minPauseMs: minPauseSeconds * 1000, schedule };
}

/**
 * A Brain that ended in the middle of writing is saved as what it will be once it has repaired itself. Until then the
 * file has another size, which is no growth: it would be saved again and again.
 */
function isSavedAsItIs({ problem, stamp }: Observation, before: WatchState): boolean {
  return problem?.code === 'brain-unclean' && stamp === before.rescuedStamp && before.failed === null;
}

/** Without a file there is nothing to add, and what is known stays; where it can't be read, its size still counts. */
function nextRecord(
  before: WatchState,
  observation: Observation,
  saved: SavedState['saved'],
  isSaved: boolean,
  nowMs: number,
): GrowthRecord | null {
  const { stamp, bytes, usedBytes } = observation;
  const record = before.record === null ? null : followClock(before.record, before, nowMs);
  if (stamp === null) return record;
  if (isSaved && saved !== undefined) {
    const { bytes: savedBytes, usedBytes: savedUsedBytes } = saved;
    return recordLook(
      record ?? undefined,
      saved,
      { bytes: savedBytes, usedBytes: savedUsedBytes, stamp },
      false,
      nowMs,
    );
  }
  const sighting: Sighting = { bytes, usedBytes: usedBytes ?? record?.lowestUsedBytes ?? bytes, stamp };
  return recordLook(record ?? undefined, saved, sighting, differsFromSaved(observation, saved, nowMs), nowMs);
}

/** When something is due that may come before the next look; null otherwise. */
export function nextDue(
  decision: Decision,
  record: GrowthRecord | null,
  rules: WatchRules,
  nowMs: number,
): number | null {
  if (decision.kind === 'wait') return decision.untilMs;
  const dueMs = record === null ? null : changeDueMs(record, rules);
  return dueMs !== null && dueMs > nowMs ? dueMs : null;
}

/** For the chart. A sample that can't be kept is no reason not to look. */
async function keepSample(context: EngineContext, { bytes, usedBytes, facts }: Observation): Promise<void> {
  if (facts === null || usedBytes === null) return;
  const rows = facts.tables.reduce((sum, { maxRowid }) => sum + (maxRowid ?? 0), 0);
  try {
    await context.state.addSample(context.root(), { bytes, usedBytes, rows });
  } catch (error) {
    context.logger.warn(`The look could not be kept as a sample: ${String(error)}`);
  }
}
