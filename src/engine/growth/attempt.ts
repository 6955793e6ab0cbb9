import { type ErrorReport, reportError } from '../../shared/app-error.ts';
import type { Snapshot } from '../../shared/model.ts';
import type { WatchNews } from '../../shared/watch-events.ts';
import type { EngineContext } from '../context.ts';
import { backOffMs } from '../platform/back-off.ts';
import { alarmRaisedBy } from '../snapshot/alarm.ts';
import { addFailure, type FailedAttempts } from './decide.ts';

/** What became of an attempt to save the Brain. */
export interface Attempt {
  readonly snapshot: Snapshot | null;
  /** True when the Brain is in a good copy now. */
  readonly isGood: boolean;
  readonly failed: FailedAttempts | null;
}

/**
 * Takes a snapshot and tells what came of it. It never throws: a failure is counted, another process at work or the end
 * of the watch are none, and a corrupt Brain is saved, but counts as a failure, so that it isn't saved every minute.
 */
export async function attemptSnapshot(
  context: EngineContext,
  before: FailedAttempts | null,
  take: () => Promise<Snapshot>,
  tell: (news: WatchNews) => void,
): Promise<Attempt> {
  try {
    const snapshot = await take();
    tell({ kind: 'snapshot', snapshot });
    tellAlarm(context, snapshot, tell);
    const isGood = snapshot.brain?.integrity === 'ok';
    return { snapshot, isGood, failed: isGood ? null : addFailure(before, 'brain-corrupt', context.clock.now()) };
  } catch (error) {
    return { snapshot: null, isGood: false, failed: countFailure(context, before, error, tell) };
  }
}

function countFailure(
  context: EngineContext,
  before: FailedAttempts | null,
  error: unknown,
  tell: (news: WatchNews) => void,
): FailedAttempts | null {
  const report = reportError(error);
  if (report.code === 'cancelled') return before;
  if (report.code === 'busy') {
    tell({ kind: 'busy', message: report.message });
    return before;
  }
  const atMs = context.clock.now();
  const failed = addFailure(before, report.code, atMs);
  const nextAttemptAt = new Date(atMs + backOffMs(failed.count)).toISOString();
  tell({ kind: 'failed', error: report, attempts: failed.count, nextAttemptAt });
  logDefect(context, report);
  return failed;
}

function tellAlarm({ backups }: EngineContext, { id }: Snapshot, tell: (news: WatchNews) => void): void {
  const alarm = alarmRaisedBy(backups(), id);
  if (alarm !== null) tell({ kind: 'alarm', alarm });
}

/** What is no expected failure goes to the log with its stack; the watch goes on. */
export function logDefect({ logger }: EngineContext, { code, message, details }: ErrorReport): void {
  if (code === 'bug') logger.error(`${message}\n${String(details['stack'] ?? '')}`);
}
