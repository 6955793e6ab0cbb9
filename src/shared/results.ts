import type { CopyStatus, Spread } from './copies.ts';
import type { Snapshot, SnapshotStatus } from './model.ts';

/** What the operations of the engine answer; `--json` prints these as they are. */

/** One snapshot with everything that its manifest and its records say. */
export interface SnapshotDetail extends Snapshot {
  readonly host: string;
  readonly appVersion: string;
  readonly nodeVersion: string;
  readonly root: string;
  readonly parent: string | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly gitCommit: string | null;
  /** `.env` files that were left out, with the names of their keys. */
  readonly envFiles: readonly { readonly path: string; readonly keys: readonly string[] }[];
  readonly checks: readonly CheckRecord[];
}

/** One verification or drill of a snapshot, as recorded beside it. */
export interface CheckRecord {
  readonly kind: 'verify' | 'drill';
  readonly at: string;
  readonly durationMs: number;
  readonly ok: boolean;
  readonly problems: number;
}

export interface FileListing {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly bytes: number;
  readonly modifiedAt: string;
  readonly mode: number;
  readonly target?: string;
}

export interface VerifyResult {
  readonly id: string;
  readonly status: SnapshotStatus;
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

/** A trial restore. */
export interface DrillResult {
  readonly id: string;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

export interface CodeChange {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export interface TableChange {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'kept';
  /** Null where the table is not there, or in a live database, whose rows are not counted. */
  readonly rowsBefore: number | null;
  readonly rowsAfter: number | null;
  /** Rows made since, by the advance of the greatest rowid; null where the table has none. */
  readonly rowsMade: number | null;
}

export interface DatabaseChange {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed' | 'same';
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly tables: readonly TableChange[];
}

/** What changed between two snapshots, or between a snapshot and now. */
export interface SnapshotDiff {
  readonly from: string;
  readonly to: string;
  readonly code: readonly CodeChange[];
  readonly databases: readonly DatabaseChange[];
}

export interface SearchHit {
  readonly id: string;
  /** The database's path in the root. */
  readonly database: string;
  readonly table: string;
  readonly rowid: number;
  readonly column: string;
  /** Text around the hit. */
  readonly snippet: string;
  readonly createdAt: string | null;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** True when there were more hits than the limit. */
  readonly truncated: boolean;
}

/** `protected`, `attention`, `unprotected` and `failed` as in the design; `running` while a writer is at work. */
export type ProtectionState = 'protected' | 'running' | 'attention' | 'unprotected' | 'failed';

/** What would be lost now. */
export interface Exposure {
  /** Since the baseline; null without one. */
  readonly milliseconds: number | null;
  readonly bytes: number;
  /** New rows per table, by the advance of the greatest rowid. */
  readonly rows: readonly { readonly table: string; readonly rows: number }[];
}

/** What can be behind a state that is not `protected`. */
export type ReasonCode =
  | 'restore-interrupted'
  | 'backups-missing'
  | 'attempt-failed'
  | 'no-good-brain'
  | 'brain-copy-damaged'
  | 'unsaved'
  | 'alarm'
  | 'alarm-unreadable'
  | 'look-failed'
  | 'snapshot-incomplete'
  | 'snapshot-damaged'
  | 'drill-failed'
  | 'low-space'
  | 'copy-failing'
  | 'copy-old'
  | 'coverage-open';

/** One cause of a state, with what to do on the command line. */
export interface StateReason {
  readonly code: ReasonCode;
  readonly message: string;
  readonly hint: string;
  /** The snapshot that it is about. */
  readonly snapshot?: string;
}

export interface Status {
  readonly state: ProtectionState;
  /** Why the state is what it is, and what to do; empty when protected. */
  readonly reasons: readonly StateReason[];
  readonly root: string;
  readonly backups: string;
  readonly exposure: Exposure | null;
  readonly last: Snapshot | null;
  readonly baseline: string | null;
  readonly snapshots: number;
  /** The newest trial restore of any snapshot. */
  readonly lastDrill: {
    readonly id: string;
    readonly at: string;
    readonly durationMs: number;
    readonly ok: boolean;
  } | null;
  /** `trend` is null before the snapshots span a day. */
  readonly disk: DiskUse & { readonly trend: DiskTrend | null };
  readonly copies: readonly CopyStatus[];
  readonly spread: Spread;
  /** Who is at work on the backups, or on the Codex folder by a restore; null while nobody is. */
  readonly holder: LockHolder | null;
  /** Null where nobody has ever watched this root. */
  readonly watcher: WatcherStatus | null;
  readonly alarm: Alarm | null;
}

export interface WatcherStatus {
  readonly running: boolean;
  readonly holder: LockHolder | null;
  readonly lastLookAt: string | null;
  /** Null while nobody watches. */
  readonly nextLookAt: string | null;
  /** Growth at the last look, towards the threshold. */
  readonly growthBytes: number;
  readonly thresholdBytes: number;
}

/** Memories are missing that the last good snapshot has. While it stands, nothing is pruned. */
export interface Alarm {
  readonly kind: 'memory-lost' | 'suspicious';
  readonly at: string;
  /** The snapshot in which they are missing. */
  readonly snapshot: string;
  /** The last good one before it, which was pinned. */
  readonly good: string;
  readonly message: string;
}

export interface DiskUse {
  /** Bytes that the backups take on the disk, hard-linked bytes once. */
  readonly usedBytes: number;
  readonly brainBytes: number;
  readonly codeBytes: number;
  /** Bytes that links save against copies. */
  readonly sharedBytes: number;
  readonly freeBytes: number;
  /** Of the whole disk. */
  readonly totalBytes: number;
}

/** How fast the snapshots fill the disk. */
export interface DiskTrend {
  readonly bytesPerWeek: number;
  /** At that rate; null where it does not grow, or retention prunes after each snapshot. */
  readonly fullInDays: number | null;
}

/** One thing that happened, as `state.db` has it. */
export interface Activity {
  readonly id: number;
  readonly at: string;
  /** `snapshot`, `remove`, `prune`, `verify`, `settings`, …; a newer version may know more. */
  readonly kind: string;
  readonly ok: boolean;
  readonly snapshot: string | null;
  readonly message: string;
}

/** One look at the Brain. */
export interface Sample {
  readonly at: string;
  /** Size of the file, with the pages of its WAL. */
  readonly bytes: number;
  /** Used pages × page size. */
  readonly usedBytes: number;
  /** Sum of the greatest rowids. */
  readonly rows: number;
}

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
  readonly what: string;
}

export interface DoctorFinding {
  readonly code: string;
  readonly level: 'ok' | 'warning' | 'error';
  readonly message: string;
  readonly hint: string;
}

/** What no snapshot would hold and the user has not left out: paths relative to the root. */
export interface Coverage {
  /** Folders with a package.json, and those that the Boot Manager's list starts. */
  readonly services: readonly string[];
  /** SQLite files anywhere under the root. */
  readonly databases: readonly string[];
  /** The folder `scripts` of the root. */
  readonly scripts: readonly string[];
  /** Files in the root itself. */
  readonly files: readonly string[];
}

/** What the user says about uncovered paths; `all` names those that are left. */
export interface CoverageAnswer {
  readonly add?: readonly string[] | 'all';
  readonly leaveOut?: readonly string[] | 'all';
}

export interface CoverageChange {
  readonly added: readonly string[];
  readonly leftOut: readonly string[];
  /** What is still open. */
  readonly coverage: Coverage;
}

export interface DoctorReport {
  readonly findings: readonly DoctorFinding[];
  readonly coverage: Coverage;
}

export interface LinkReport {
  readonly script: string;
  readonly state: 'linked' | 'refreshed' | 'already-linked' | 'unlinked' | 'not-linked';
  readonly kept: string | null;
}

/** The watcher as a service of the system. */
export interface ServiceReport {
  readonly state: 'running' | 'stopped' | 'not installed';
  /** It starts by itself when the user logs in. */
  readonly isEnabled: boolean;
  readonly manager: 'systemd' | 'launchd';
  /** By which the system calls it, and the file that describes it. */
  readonly name: string;
  readonly file: string;
  /** Who watches the root right now, by whatever shell. */
  readonly watcher: LockHolder | null;
}
