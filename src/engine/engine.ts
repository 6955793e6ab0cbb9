import type { ErrorReport } from '../shared/app-error.ts';
import type { Adopted, CopyReport, CopyStatus, CopyTest } from '../shared/copies.ts';
import type { Snapshot, Trigger } from '../shared/model.ts';
import type { OnProgress } from '../shared/progress.ts';
import type {
  DatabaseView,
  FileDiff,
  FilePreview,
  FolderLevel,
  FoundFiles,
  MemoryRow,
  TreeEntry,
} from '../shared/protocol/snapshot-views.ts';
import type { GrowthRange, GrowthSeries } from '../shared/protocol/status-views.ts';
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
  ServiceReport,
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
  /** What the commands of a restore write, a few times a second, escapes and secrets removed. */
  readonly onOutput?: OnOutput;
}

export type OnOutput = (output: CommandOutput) => void;

export interface CommandOutput {
  readonly command: readonly string[];
  /** Where it runs, relative to the root; empty for the root itself. */
  readonly folder: string;
  readonly text: string;
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
  readonly in?: string | undefined;
  readonly limit?: number | undefined;
}

export interface RestoreOptions extends OperationOptions {
  /** `all` without it. */
  readonly scope?: RestoreScope | undefined;
  /** Only these files and folders, relative to the root. */
  readonly paths?: readonly string[] | undefined;
  /** Files that are not in the snapshot stay. */
  readonly keepExtra?: boolean | undefined;
  /** Rows that came after the snapshot are added to what comes back, of tables where nothing but the rowid is unique. */
  readonly keepNewer?: boolean | undefined;
  /** False: nothing is stopped, built or started. */
  readonly useServices?: boolean | undefined;
  /** Sees the plan before anything happens; what it throws ends the restore. */
  readonly approve?: (plan: RestorePlan) => Promise<void>;
}

export interface UndoOptions extends OperationOptions {
  /** Id of a restore; the latest without it. */
  readonly restore?: string | undefined;
  readonly useServices?: boolean | undefined;
  readonly approve?: (plan: RestorePlan) => Promise<void>;
}

export interface ActivityOptions {
  readonly limit?: number | undefined;
  /** Only what is older than the entry with this id. */
  readonly before?: number | undefined;
}

export interface PruneOptions extends OperationOptions {
  /** Else those of the settings. */
  readonly rules?: RetentionRules;
  /** Removes none but these: what the user has seen in a plan. */
  readonly only?: readonly string[];
}

export interface CopyOptions extends OperationOptions {
  /** False where nobody asked for this copy by name: then a place that was never set up is left alone. */
  readonly byHand?: boolean;
  /** Forgets which copy it was, and begins anew in what lies there now. */
  readonly anew?: boolean;
}

export interface AdoptOptions extends OperationOptions {
  /** Only the newest; the others stay in the copy. */
  readonly onlyLatest?: boolean;
  /** Told of each snapshot that has come, and how many are to come. */
  readonly onBrought?: (id: string, left: number) => void;
}

export interface WatchOptions {
  /** Ends the watch; a snapshot that is being taken is broken off, and leaves nothing behind. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
  /** Of the snapshot that is being taken. */
  readonly onProgress?: OnProgress;
  /** Carries out the background copy of this name, as a job for instance: does `work` and answers what it answers, or throws. */
  readonly carryCopy?: (name: string, work: CopyWork) => Promise<CopyReport>;
}

/** Brings one copy up to date. */
export type CopyWork = (options: OperationOptions) => Promise<CopyReport>;

export interface NewestOptions {
  /** Path in the root; the Brain without one. */
  readonly database?: string | undefined;
  /** All tables that say when a row was made without one. */
  readonly table?: string | undefined;
  readonly limit?: number | undefined;
}

/** The folders in a folder of this computer, by their full paths. */
export interface ListedFolders {
  readonly path: string;
  readonly parent: string | null;
  readonly places: readonly ListedFolder[];
  readonly entries: readonly ListedFolder[];
  /** There are more than these. */
  readonly isCut: boolean;
}

export interface ListedFolder {
  readonly name: string;
  readonly path: string;
  readonly isCodex: boolean;
}

/** A folder that may be the Codex folder. */
export interface FoundRoot {
  readonly path: string;
  /** First-level folders with a package.json. */
  readonly services: number;
  /** Null where the Brain is not where the settings say. */
  readonly brainBytes: number | null;
}

export interface Where {
  readonly root: string | null;
  readonly backups: string | null;
  readonly home: string;
  readonly error: ErrorReport | null;
}

/** Each text changes when that does, whoever changed it. */
export interface Stamps {
  readonly snapshots: string;
  readonly locks: string;
  readonly settings: string;
  readonly restores: string;
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
  /** One level of the entries, from `offset` on: what a window shows of an archive of 100,000. */
  folder(reference: string, path: string, offset?: number): Promise<FolderLevel>;
  /** Files whose path holds every word of the query. */
  findFiles(reference: string, query: string, limit?: number): Promise<FoundFiles>;
  /** One file of the code; AppError `entry-missing` for what is none. */
  entry(reference: string, path: string): Promise<TreeEntry>;
  /** The beginning of one file. */
  preview(reference: string, path: string): Promise<FilePreview>;
  /** One file of `from` line by line against `to`, a snapshot or `now`. */
  fileDiff(from: string, path: string, to: string): Promise<FileDiff>;
  /** The tables of a snapshot, against the one before it and against now. */
  databases(reference: string): Promise<readonly DatabaseView[]>;
  /** The newest rows of a database, newest first. */
  newestMemories(reference: string, options?: NewestOptions): Promise<readonly MemoryRow[]>;
  /** Looks at the Brain over time, thinned for a chart. */
  growth(range: GrowthRange): Promise<GrowthSeries>;
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
  planRestoreInto(reference: string, folder: string, options?: RestoreOptions): Promise<RestorePlan>;
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
  /** How each copy stands; no remote is asked. */
  copies(): Promise<readonly CopyStatus[]>;
  /** Brings one copy up to date. AppError `busy` while another process does. */
  copy(name: string, options?: CopyOptions): Promise<CopyReport>;
  /** Writes a small file to a copy, reads it back, removes it. */
  testCopy(name: string, options?: OperationOptions): Promise<CopyTest>;
  /** The snapshots of a copy, newest first, as its manifests tell them. */
  listCopy(name: string, options?: OperationOptions): Promise<readonly Snapshot[]>;
  /** One of them; `latest` is the newest there. */
  showCopy(name: string, reference: string, options?: OperationOptions): Promise<SnapshotDetail>;
  /** Brings a snapshot from a copy into the backups folder, proved; answers its id. */
  fetchSnapshot(name: string, reference: string, options?: OperationOptions): Promise<Snapshot>;
  /** On a machine that has never seen the original: brings the snapshots of a folder or a remote into the backups. */
  adopt(from: string, options?: AdoptOptions): Promise<Adopted>;
  /** The watcher as a service of the system: a launchd agent, or a systemd user unit. */
  installService(): Promise<ServiceReport>;
  removeService(): Promise<ServiceReport>;
  serviceStatus(): Promise<ServiceReport>;
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
  /** Throws what `changeSetting` would; changes nothing. */
  checkSetting(key: string, text: string): Promise<void>;
  /** Folders of this computer, to choose one from; the person's home without a path. */
  listFolders(path?: string): Promise<ListedFolders>;
  /** Folders that may be the Codex folder. */
  findRoots(): Promise<readonly FoundRoot[]>;
  /** Which folders this engine works on, or why it has none. */
  where(): Promise<Where>;
  /** Cheap: to be asked for every few seconds. */
  stamps(): Promise<Stamps>;
  /** Lets all defaults hold again; the old file is kept under the answered name. */
  resetSettings(): Promise<{ readonly kept: string | null }>;
  /** Ends worker threads and child processes. */
  close(): Promise<void>;
}
