import type { Trigger } from '../../shared/model.ts';
import { backOffMs } from '../platform/back-off.ts';
import { type GrowthRecord, growthOf, type Sighting } from './growth-record.ts';
import { isScheduleDue, type Schedule } from './schedule.ts';

export interface WatchRules {
  readonly thresholdBytes: number;
  readonly changeMs: number;
  readonly minPauseMs: number;
  readonly schedule: Schedule;
}

/** Attempts in a row that failed for the same cause. */
export interface FailedAttempts {
  readonly cause: string;
  readonly count: number;
  readonly atMs: number;
}

export interface GrowthFacts {
  readonly nowMs: number;
  readonly record: GrowthRecord;
  readonly latest: Pick<Sighting, 'bytes' | 'usedBytes'>;
  /** When the baseline was taken; null without one. */
  readonly baselineAtMs: number | null;
  /** When the last snapshot that nobody asked for was taken. */
  readonly lastAutomaticAtMs: number | null;
  readonly failed: FailedAttempts | null;
  /** True when the Brain has to be saved as it is now: it ended abnormally, or is corrupt. */
  readonly rescue: boolean;
}

export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wait'; readonly why: 'back-off' | 'pause'; readonly untilMs: number }
  | { readonly kind: 'snapshot'; readonly trigger: Trigger; readonly why: string };

/** Codex takes a snapshot itself when it starts; without any, the watcher does so after this time. */
const firstMs = 60_000;

/** What the watcher has to do after a look. Pure; every time is one of the wall clock, which may have jumped. */
export function decide(facts: GrowthFacts, rules: WatchRules): Decision {
  const wanted = wantedSnapshot(facts, rules);
  if (wanted === undefined) return { kind: 'nothing' };
  const { nowMs, failed, lastAutomaticAtMs } = facts;
  if (failed !== null) {
    const untilMs = failed.atMs + backOffMs(failed.count);
    if (isAhead(failed.atMs, untilMs, nowMs)) return { kind: 'wait', why: 'back-off', untilMs };
  }
  if (lastAutomaticAtMs !== null && !facts.rescue) {
    const untilMs = lastAutomaticAtMs + rules.minPauseMs;
    if (isAhead(lastAutomaticAtMs, untilMs, nowMs)) return { kind: 'wait', why: 'pause', untilMs };
  }
  return { kind: 'snapshot', ...wanted };
}

/** Adds a failed attempt: another cause begins to count anew. */
export function addFailure(failed: FailedAttempts | null, cause: string, atMs: number): FailedAttempts {
  return { cause, count: failed?.cause === cause ? failed.count + 1 : 1, atMs };
}

/** When a change that is no growth will be saved; null while there is none. */
export function changeDueMs(record: GrowthRecord, rules: Pick<WatchRules, 'changeMs'>): number | null {
  if (record.changedSinceMs === null) return null;
  return record.changedSinceMs + (record.baselineId === null ? Math.min(firstMs, rules.changeMs) : rules.changeMs);
}

function wantedSnapshot(
  { nowMs, record, latest, baselineAtMs, rescue }: GrowthFacts,
  rules: WatchRules,
): { readonly trigger: Trigger; readonly why: string } | undefined {
  if (rescue) return { trigger: 'change', why: 'the Brain has to be saved as it is now' };
  const growth = growthOf(record, latest);
  if (growth > rules.thresholdBytes) return { trigger: 'growth', why: `the Brain has grown by ${growth} bytes` };
  const dueMs = changeDueMs(record, rules);
  if (dueMs === null || record.changedSinceMs === null) return undefined;
  if (!isAhead(record.changedSinceMs, dueMs, nowMs)) {
    const why = record.baselineId === null ? 'there is no good snapshot yet' : 'the Brain has changed';
    return { trigger: 'change', why };
  }
  if (baselineAtMs !== null && isScheduleDue(rules.schedule, baselineAtMs, nowMs)) {
    return { trigger: 'schedule', why: 'the schedule asks for it' };
  }
  return undefined;
}

/** True while `untilMs` is to come. Where the start itself lies ahead, the clock was set back, and nothing is waited for. */
function isAhead(startedMs: number, untilMs: number, nowMs: number): boolean {
  return nowMs >= startedMs && nowMs < untilMs;
}
