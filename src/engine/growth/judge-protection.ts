import { describeCoverage } from '../../shared/coverage.ts';
import { formatBytes, formatCount, formatDuration } from '../../shared/format.ts';
import type { Alarm, Coverage, Exposure, ProtectionState, StateReason } from '../../shared/results.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';

export interface ProtectionFacts {
  /** A restore that a crash has left half-way. */
  readonly interruptedRestore: StateReason | null;
  /** Why the backups folder is not the one that was used before. */
  readonly backupsFailure: StateReason | null;
  readonly baseline: CatalogEntry | undefined;
  readonly exposure: Exposure | null;
  /** Why the Brain can't be read. */
  readonly lookFailure: StateReason | null;
  /** Why the last attempt to take a snapshot failed. */
  readonly failedRun: string | null;
  readonly alarm: Alarm | null;
  /** Why the alarm that stands can't be read. */
  readonly alarmFailure: StateReason | null;
  /** All snapshots, newest first. */
  readonly catalog: readonly CatalogEntry[];
  /** What no snapshot holds and the user has not answered for. */
  readonly coverage: Coverage;
  /** On the disk of the backups, and what is to stay free there. */
  readonly freeBytes: number;
  readonly reserveBytes: number;
}

/** From this exposure on the state is `unprotected`. */
const unprotectedMs = 30 * 60 * 1000;

/** The protection state, and all that is behind it, the worst first. Each reason stays until its cause is gone. */
export function judgeProtection(facts: ProtectionFacts): {
  readonly state: ProtectionState;
  readonly reasons: readonly StateReason[];
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

function failedReasons({ interruptedRestore, backupsFailure, failedRun }: ProtectionFacts): readonly StateReason[] {
  const reasons = [interruptedRestore, backupsFailure].filter((reason) => reason !== null);
  if (backupsFailure !== null || failedRun === null) return reasons;
  const message = `The last attempt failed. ${failedRun}`;
  return [...reasons, { code: 'attempt-failed', message, hint: 'See what to do with "codex-backup run".' }];
}

function unprotectedReasons({ backupsFailure, catalog, baseline, exposure }: ProtectionFacts): readonly StateReason[] {
  // Nobody knows then what the folder holds.
  if (backupsFailure !== null) return [];
  const hint = 'Take a snapshot: "codex-backup run".';
  if (baseline === undefined) return [{ code: 'no-good-brain', message: 'There is no good copy of the Brain.', hint }];
  const milliseconds = exposure?.milliseconds ?? 0;
  const reasons: StateReason[] = [];
  const lost = catalog.slice(0, catalog.indexOf(baseline)).find(hasDamagedBrain);
  // What it held is in no other snapshot, unless nothing has changed since the one before.
  if (lost !== undefined && milliseconds > 0) {
    const { id } = lost.snapshot;
    const message = `The copy of the Brain in the newer snapshot ${id} is damaged.`;
    reasons.push({ code: 'brain-copy-damaged', message, hint, snapshot: id });
  }
  if (milliseconds > unprotectedMs) {
    const message = `The Brain has changed and was last saved ${formatDuration(milliseconds)} ago.`;
    reasons.push({ code: 'unsaved', message, hint });
  }
  return reasons;
}

/** Of a snapshot whose manifest can't be believed nobody knows what it held. */
function hasDamagedBrain({ snapshot: { status, brain }, damagedFiles }: CatalogEntry): boolean {
  return status === 'damaged' && (brain === null || damagedFiles.has(brain.file));
}

function attentionReasons(facts: ProtectionFacts): readonly StateReason[] {
  const { alarm, alarmFailure, lookFailure, catalog, freeBytes, reserveBytes } = facts;
  const reasons: StateReason[] = [];
  if (alarm !== null) {
    const hint = `${alarm.good} has what is missing, and is pinned. Restore it, or end the alarm: "codex-backup acknowledge".`;
    reasons.push({ code: 'alarm', message: alarm.message, hint, snapshot: alarm.good });
  }
  if (alarmFailure !== null) reasons.push(alarmFailure);
  if (lookFailure !== null) reasons.push(lookFailure);
  reasons.push(...snapshotReasons(catalog), ...drillReasons(catalog));
  if (freeBytes < reserveBytes) {
    const message = `The disk of the backups has ${formatBytes(freeBytes)} left, and ${formatBytes(reserveBytes)} are to stay free.`;
    reasons.push({
      code: 'low-space',
      message,
      hint: 'No automatic snapshot is taken. See what would free space: "codex-backup prune --dry-run".',
    });
  }
  return [...reasons, ...coverageReasons(facts.coverage)];
}

function snapshotReasons(catalog: readonly CatalogEntry[]): readonly StateReason[] {
  const newest = catalog[0]?.snapshot;
  const reasons: StateReason[] = [];
  if (newest?.status === 'incomplete' || newest?.status === 'damaged') {
    const { id, status } = newest;
    const message = `The newest snapshot is ${status}.`;
    reasons.push({ code: `snapshot-${status}`, message, hint: `See why: "codex-backup show ${id}".`, snapshot: id });
  }
  const [first, ...others] = catalog.slice(1).filter(isDamaged);
  if (first === undefined) return reasons;
  const { id } = first.snapshot;
  const message =
    others.length === 0
      ? `The snapshot ${id} is damaged.`
      : `${formatCount(others.length + 1, 'older snapshot')} are damaged, such as ${id}.`;
  const hint = `See what is wrong: "codex-backup verify ${id}". What is no use any more can go: "codex-backup remove ${id}".`;
  return [...reasons, { code: 'snapshot-damaged', message, hint, snapshot: id }];
}

/** By size, by a verification, or, for one of v1.5, by its last one. */
function isDamaged({ snapshot, meta }: CatalogEntry): boolean {
  return snapshot.status === 'damaged' || meta.checks.findLast(({ kind }) => kind === 'verify')?.ok === false;
}

/** The last trial restore of all did not succeed: one that does ends it, or the removal of that snapshot. */
function drillReasons(catalog: readonly CatalogEntry[]): readonly StateReason[] {
  const drilled = catalog.find(({ meta }) => meta.checks.some(({ kind }) => kind === 'drill'));
  const last = drilled?.meta.checks.findLast(({ kind }) => kind === 'drill');
  if (drilled === undefined || last === undefined || last.ok) return [];
  const { id } = drilled.snapshot;
  const [problem] = last.problems;
  const what = problem === undefined ? '' : ` ${problem.file}: ${problem.message}`;
  const message = `The trial restore of ${id} failed.${what}`;
  return [{ code: 'drill-failed', message, hint: 'Try the newest: "codex-backup drill".', snapshot: id }];
}

function coverageReasons(coverage: Coverage): readonly StateReason[] {
  const text = describeCoverage(coverage);
  if (text === '') return [];
  const hint = 'Add all of it: "codex-backup doctor --add-all". See it one by one, and choose: "codex-backup doctor".';
  const message = `No snapshot holds ${text}, and you have not said whether one should.`;
  return [{ code: 'coverage-open', message, hint }];
}
