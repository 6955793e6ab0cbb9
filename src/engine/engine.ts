import type { Snapshot, Trigger } from '../shared/model.ts';
import type { OnProgress } from '../shared/progress.ts';
import type {
  RecoveredRestore,
  RestorePlan,
  RestoreRecord,
  RestoreReport,
  RestoreScope,
} from '../shared/restore-plan.ts';
import type {
  Activity,
  Alarm,
  Coverage,
  CoverageAnswer,
  CoverageChange,
  DoctorReport,
  DrillResult,
  FileListing,
  LinkReport,
  SearchResult,
  SnapshotDetail,
  SnapshotDiff,
  Status,
  VerifyResult,
} from '../shared/results.ts';
import type { PrunePlan, RetentionRules } from '../shared/retention.ts';
import type { Settings } from '../shared/settings.ts';
import type { WatchEvent, WatchSummary } from '../shared/watch-events.ts';

/** How a long operation is watched and stopped. */
export interface OperationOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface RunOptions extends OperationOptions {
  readonly trigger: Trigger;
  /** Asked before a manual snapshot blocks the Brain's writers for longer than half a second; true goes on. */
  readonly confirmHold?: (predictedMs: number) => Promise<boolean>;
}

export interface RunIfGrownResult {
  /** Null when nothing needed to be saved. */
  readonly snapshot: Snapshot | null;
  /** Why not; else empty. */
  readonly reason: string;
}

export interface SearchOptions extends OperationOptions {
  /** Only in this snapshot; else in the latest. */
  readonly in?: string;
  readonly limit?: number;
}

export interface RestoreOptions extends OperationOptions {
  /** `all` without it. */
  readonly scope?: RestoreScope;
  /** Only these files and folders, relative to the root. */
  readonly paths?: readonly string[];
  /** Files that are not in the snapshot stay. */
  readonly keepExtra?: boolean;
  /** Rows that came after the snapshot are added to what comes back, of tables where nothing but the rowid is unique. */
  readonly keepNewer?: boolean;
  /** False: nothing is stopped, built or started. */
  readonly useServices?: boolean;
  /** Sees the plan before anything happens; what it throws ends the restore. */
  readonly approve?: (plan: RestorePlan) => Promise<void>;
}

export interface UndoOptions extends OperationOptions {
  /** Id of a restore; the latest without it. */
  readonly restore?: string;
  readonly useServices?: boolean;
  readonly approve?: (plan: RestorePlan) => Promise<void>;
}

export interface ActivityOptions {
  readonly limit?: number;
  /** Only what is older than the entry with this id. */
  readonly before?: number;
}

export interface PruneOptions extends OperationOptions {
  /** Else those of the settings. */
  readonly rules?: RetentionRules;
  /** Removes none but these: what the user has seen in a plan. */
  readonly only?: readonly string[];
}

export interface WatchOptions {
  /** Ends the watch; a snapshot that is being taken is broken off, and leaves nothing behind. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
}

/**
 * All that the product does, for one root and one backups folder. Snapshots are named by id, by a unique prefix of it,
 * or `latest`. Every method throws AppError for what a user can meet.
 */
export interface Engine {
  run(options: RunOptions): Promise<Snapshot>;
  /** The same only if the Brain has grown by more than the threshold since; waits for a snapshot that is being taken. */
  runIfGrown(options: RunOptions): Promise<RunIfGrownResult>;
  /** Newest first. */
  list(): Promise<readonly Snapshot[]>;
  show(reference: string): Promise<SnapshotDetail>;
  /** Entries below `path` (all without one), folders before their content. */
  files(reference: string, path?: string): Promise<readonly FileListing[]>;
  /** The content of one file of the code archive. */
  cat(reference: string, path: string): Promise<AsyncIterable<Uint8Array>>;
  /** `to` is a snapshot, or `now`. */
  diff(from: string, to: string, options?: OperationOptions): Promise<SnapshotDiff>;
  search(text: string, options?: SearchOptions): Promise<SearchResult>;
  /** All snapshots without references. */
  verify(references: readonly string[], options?: OperationOptions): Promise<readonly VerifyResult[]>;
  planRestore(reference: string, options?: RestoreOptions): Promise<RestorePlan>;
  /** Carries out the plan that it shows to `approve`, or leaves everything as it was. */
  restore(reference: string, options?: RestoreOptions): Promise<RestoreReport>;
  /** Builds a snapshot, also one of v1.5, in a new or empty folder elsewhere. */
  restoreInto(reference: string, folder: string, options?: RestoreOptions): Promise<RestoreReport>;
  /** Newest first. */
  restores(): Promise<readonly RestoreRecord[]>;
  planUndo(options?: UndoOptions): Promise<RestorePlan>;
  undo(options?: UndoOptions): Promise<RestoreReport>;
  /** Deletes what a restore has kept, for good. */
  discardRestore(id: string): Promise<RestoreRecord>;
  /** Finishes or rolls back what a crash interrupted. */
  recover(options?: OperationOptions): Promise<readonly RecoveredRestore[]>;
  /** A trial restore into scratch space; the result is recorded beside the snapshot. */
  drill(reference: string, options?: OperationOptions): Promise<DrillResult>;
  /** `alarm` says why nothing is pruned at this time, or is null. */
  remove(
    reference: string,
  ): Promise<{ readonly id: string; readonly freedBytes: number; readonly alarm: string | null }>;
  /** What `prune` would do; the rules are those of the settings unless given. */
  planPrune(rules?: RetentionRules): Promise<PrunePlan>;
  /** Removes what no rule wants; answers what was kept and removed. */
  prune(options?: PruneOptions): Promise<PrunePlan>;
  pin(reference: string, pinned: boolean): Promise<Snapshot>;
  note(reference: string, text: string): Promise<Snapshot>;
  status(): Promise<Status>;
  /** Ends the alarm that stands, so that pruning goes on; answers it, or null. */
  acknowledge(): Promise<Alarm | null>;
  /** Looks at the Brain and has it saved, until the signal is aborted. `busy` where the root is watched already. */
  watch(options: WatchOptions): Promise<WatchSummary>;
  doctor(): Promise<DoctorReport>;
  /** What the next snapshot would not hold, and the user has not left out. */
  coverage(): Promise<Coverage>;
  /** Adds paths to the include list, or notes that they are left out. */
  answerCoverage(answer: CoverageAnswer): Promise<CoverageChange>;
  /** What happened, newest first: snapshots, failures, removals, checks, changed settings. */
  activity(options?: ActivityOptions): Promise<readonly Activity[]>;
  link(): Promise<LinkReport>;
  unlink(): Promise<LinkReport>;
  /** The settings in force, with where each folder comes from. */
  settings(): Promise<{ readonly file: string; readonly settings: Settings }>;
  /** Sets one key (`watch.intervalSeconds`) from its text; undefined text resets it to its default. */
  changeSetting(key: string, text: string | undefined): Promise<Settings>;
  /** Lets all defaults hold again; the old file is kept under the answered name. */
  resetSettings(): Promise<{ readonly kept: string | null }>;
  /** Ends worker threads and child processes. */
  close(): Promise<void>;
}
