import type { CopySchedule, CopyState } from '../../shared/copies.ts';
import { backOffMs } from '../platform/back-off.ts';
import type { CopyRecord } from './copy-state.ts';

export interface CopyFactsNow {
  readonly record: CopyRecord;
  /** Snapshots that are in the backups now. */
  readonly ids: readonly string[];
  /** False where a look at its folder shows that it is not there; null where one would have to ask a remote. */
  readonly isThere: boolean | null;
  readonly schedule: CopySchedule;
}

const dayMs = 86_400_000;

/** How a copy stands. Pure. */
export function judgeCopy({ record, ids, isThere }: CopyFactsNow): CopyState {
  const { attempt, copyId } = record;
  const isAbsent = attempt?.error?.code === 'copy-absent';
  if (isThere === false || (isThere === null && isAbsent)) return 'not there';
  if (attempt?.error != null && !isAbsent) return 'failing';
  if (Object.values(record.verified).some(({ ok }) => !ok) || record.drill?.ok === false) return 'failing';
  if (isAbsent || copyId === null) return 'behind';
  return isBehind(record, ids) ? 'behind' : 'in step';
}

/** Whether a watcher has to bring a copy up to date now. Pure; a time that lies ahead is one of a clock that was set back. */
export function isCopyDue(facts: CopyFactsNow, nowMs: number): boolean {
  const { record, ids, isThere, schedule } = facts;
  const { attempt, inStepAtMs } = record;
  // One that was never set up is left to the user: it may be the mount point of a disk that is not connected.
  if (isThere === false || record.copyId === null) return false;
  // Its disk has just been connected.
  if (attempt?.error?.code === 'copy-absent' && isThere) return true;
  if (attempt !== null && attempt.error !== null) return !isWithin(attempt.atMs, backOffMs(attempt.failures), nowMs);
  if (!isBehind(record, ids) && !Object.values(record.verified).some(({ ok }) => !ok)) return false;
  return schedule === 'afterEach' || inStepAtMs === null || !isWithin(inStepAtMs, dayMs, nowMs);
}

function isBehind({ seen }: CopyRecord, ids: readonly string[]): boolean {
  const known = new Set(seen);
  return ids.some((id) => !known.has(id));
}

const isWithin = (fromMs: number, spanMs: number, nowMs: number): boolean => nowMs >= fromMs && nowMs < fromMs + spanMs;
