import type { Warning } from './model.ts';
import type { CodeChange } from './results.ts';

export const restoreScopes = ['brain', 'databases', 'code', 'all', 'full'] as const;
/** What of a snapshot is brought back: the Brain, the other databases, the code, all of them, or all in a fresh root. */
export type RestoreScope = (typeof restoreScopes)[number];

/** What a restore would do, as data: shown before, printed by `--dry-run`, and carried out. */
export interface RestorePlan {
  readonly what: 'restore' | 'undo';
  /** Id of the snapshot, or of the restore that is undone. */
  readonly source: string;
  readonly root: string;
  readonly scope: RestoreScope;
  /** Only these paths, relative to the root; everything where there are none. */
  readonly paths: readonly string[];
  /** The Brain first. */
  readonly databases: readonly DatabasePlan[];
  readonly code: CodePlan | null;
  /** Where the root is replaced whole. */
  readonly full?: FullPlan;
  readonly space: { readonly neededBytes: number; readonly freeBytes: number };
  /** What will be done, in order. */
  readonly steps: readonly PlannedStep[];
  readonly warnings: readonly Warning[];
}

/** What moves where when a fresh root takes the place of the old one. */
export interface FullPlan {
  /** Name that the old root gets beside the fresh one. */
  readonly oldRoot: string;
  /** The backups folder, relative to the root: it moves over last. Null where it lies elsewhere. */
  readonly backups: string | null;
  /** Files and links that no snapshot covers, and that are copied over; relative to the root. */
  readonly carried: readonly string[];
  /** What of the old root's first level has no counterpart in the fresh one. */
  readonly left: readonly string[];
}

export interface DatabasePlan {
  /** Relative to the root. */
  readonly path: string;
  readonly isBrain: boolean;
  readonly change: 'replace' | 'create' | 'remove';
  readonly bytesNow: number;
  readonly bytesThen: number;
  readonly tables: readonly TablePlan[];
}

export interface TablePlan {
  readonly name: string;
  /** Null where the table is not there, or can't be counted. */
  readonly rowsNow: number | null;
  readonly rowsThen: number | null;
  /** Rows made since, which would be set aside; null where nobody can tell. */
  readonly rowsLost: number | null;
  /** When those were made, by their newest timestamp column. */
  readonly lostFrom: string | null;
  readonly lostTo: string | null;
  /** Those rows are kept: they are added to what comes back. */
  readonly isKept: boolean;
}

export interface CodePlan {
  readonly services: readonly ServiceChanges[];
  readonly changes: readonly CodeChange[];
  readonly moves: readonly CodeMove[];
  /** Folders that make room for a file or link, and hold files that no snapshot covers: all is moved aside. */
  readonly asideWithUncovered: readonly string[];
  /** Paths that are not in the snapshot and stay. */
  readonly kept: readonly string[];
}

/** Files and links of one service, by what happens to them. */
export interface ServiceChanges {
  /** Its folder; empty for the root. */
  readonly folder: string;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** `aside`: what is there is kept in the restores folder; `bring`: the snapshot's file, link or whole folder comes in. */
export type CodeMove =
  | { readonly kind: 'aside' | 'bring'; readonly path: string }
  | { readonly kind: 'mode'; readonly path: string; readonly mode: number };

export interface PlannedStep {
  readonly step: 'preflight' | 'stage' | 'stop' | 'safety' | 'swap' | 'rebuild' | 'start';
  /** What it does, in words. */
  readonly text: string;
  readonly commands: readonly PlannedCommand[];
}

export interface PlannedCommand {
  readonly command: readonly string[];
  /** Where it runs, relative to the root; empty for the root itself. */
  readonly folder: string;
  readonly reasons: readonly string[];
  /** An install that begins without the modules that are there: they were made for another Node. */
  readonly isFresh?: boolean;
}

/** How a restore or an undo ended. */
export interface RestoreReport {
  /** Names it for `undo`; null where nothing had to be done, or all went into another folder. */
  readonly id: string | null;
  readonly plan: RestorePlan;
  /** The snapshot that was taken before; null where the files moved aside are the safety copy. */
  readonly safety: string | null;
  /** Where what was replaced is kept. */
  readonly replaced: string | null;
  /** Why the Codex that an undo brought back does not run; null where it does, or was not to be started. */
  readonly startProblem: string | null;
  /** The services that were asked after the start, by the health addresses of the settings. */
  readonly health: readonly ServiceHealth[];
  readonly durationMs: number;
  readonly warnings: readonly Warning[];
}

/** A service that has answered that it is well. */
export interface ServiceHealth {
  readonly url: string;
  /** What it calls itself there; null where it does not say. */
  readonly service: string | null;
  readonly milliseconds: number;
}

/** One restore of the past, as `undo --list` shows it. */
export interface RestoreRecord {
  readonly id: string;
  readonly what: 'restore' | 'undo';
  readonly source: string;
  readonly scope: string;
  /** `running`: some process is at work on it; `interrupted`: none is. */
  readonly state: 'restored' | 'rolled-back' | 'running' | 'interrupted' | 'undone';
  readonly folder: string;
  readonly bytes: number;
}

/** An interrupted restore, and what `recover` made of it. */
export interface RecoveredRestore {
  readonly id: string;
  readonly outcome: 'restored' | 'rolled-back';
  /** Why Codex could not be started again, if so. */
  readonly startProblem: string | null;
}
