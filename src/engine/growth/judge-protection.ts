import { formatBytes, formatDuration } from '../../shared/format.ts';
import type { Alarm, Exposure, ProtectionState, Status } from '../../shared/results.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';

export interface ProtectionFacts {
  readonly newest: CatalogEntry | undefined;
  readonly baseline: CatalogEntry | undefined;
  readonly exposure: Exposure | null;
  /** Why the Brain can't be read. */
  readonly lookFailure: Reason | null;
  /** Why the last attempt to take a snapshot failed. */
  readonly failedRun: string | null;
  readonly alarm: Alarm | null;
  /** Why the alarm that stands can't be read. */
  readonly alarmFailure: Reason | null;
  /** On the disk of the backups, and what is to stay free there. */
  readonly freeBytes: number;
  readonly reserveBytes: number;
}

type Reason = Status['reasons'][number];

/** From this exposure on the state is `unprotected`. */
const unprotectedMs = 30 * 60 * 1000;

/** The protection state, and all that is behind it, the worst first. Each reason stays until its cause is gone. */
export function judgeProtection(facts: ProtectionFacts): {
  readonly state: ProtectionState;
  readonly reasons: readonly Reason[];
} {
  const failed = failedReasons(facts);
  const unprotected = unprotectedReasons(facts);
  const attention = attentionReasons(facts);
  const state =
    failed.length > 0
      ? 'failed'
      : unprotected.length > 0
        ? 'unprotected'
        : attention.length > 0
          ? 'attention'
          : 'protected';
  return { state, reasons: [...failed, ...unprotected, ...attention] };
}

function failedReasons({ failedRun }: ProtectionFacts): readonly Reason[] {
  if (failedRun === null) return [];
  return [{ message: `The last attempt failed. ${failedRun}`, hint: 'See what to do with "codex-backup run".' }];
}

function unprotectedReasons({ baseline, exposure }: ProtectionFacts): readonly Reason[] {
  const hint = 'Take a snapshot: "codex-backup run".';
  if (baseline === undefined) return [{ message: 'There is no good copy of the Brain.', hint }];
  const milliseconds = exposure?.milliseconds ?? 0;
  if (milliseconds <= unprotectedMs) return [];
  return [{ message: `The Brain has changed and was last saved ${formatDuration(milliseconds)} ago.`, hint }];
}

function attentionReasons(facts: ProtectionFacts): readonly Reason[] {
  const { alarm, alarmFailure, lookFailure, newest, freeBytes, reserveBytes } = facts;
  const reasons: Reason[] = [];
  if (alarm !== null) {
    const hint = `${alarm.good} has what is missing, and is pinned. Restore it, or end the alarm: "codex-backup acknowledge".`;
    reasons.push({ message: alarm.message, hint });
  }
  if (alarmFailure !== null) reasons.push(alarmFailure);
  if (lookFailure !== null) reasons.push(lookFailure);
  const snapshot = newest?.snapshot;
  if (snapshot !== undefined && snapshot.status !== 'verified' && snapshot.status !== 'legacy') {
    const hint = `See why: "codex-backup show ${snapshot.id}".`;
    reasons.push({ message: `The newest snapshot is ${snapshot.status}.`, hint });
  }
  if (freeBytes < reserveBytes) {
    const message = `The disk of the backups has ${formatBytes(freeBytes)} left, and ${formatBytes(reserveBytes)} are to stay free.`;
    reasons.push({
      message,
      hint: 'No automatic snapshot is taken. See what would free space: "codex-backup prune --dry-run".',
    });
  }
  return reasons;
}
