import type { ErrorReport } from './app-error.ts';
import type { Snapshot } from './model.ts';

/** When the watcher brings a copy up to date. */
export const copySchedules = ['afterEach', 'daily'] as const;
export type CopySchedule = (typeof copySchedules)[number];

/** One of the snapshots that a copy holds, to choose from. */
export type CopySnapshot = Pick<Snapshot, 'id' | 'createdAt' | 'trigger' | 'status' | 'pinned' | 'note'>;

/**
 * `in step`: it holds what it should. `behind`: not yet. `failing`: the last attempt failed. `not there`: its disk is not
 * connected, read-only, or another one.
 */
export type CopyState = 'in step' | 'behind' | 'failing' | 'not there';

/** One second home of the snapshots, as every shell shows it. */
export interface CopyStatus {
  readonly name: string;
  readonly kind: 'folder' | 'rclone';
  /** The folder or the remote. */
  readonly place: string;
  readonly schedule: CopySchedule;
  readonly state: CopyState;
  /** Why it is `failing` or `not there`, and what to do. */
  readonly error: ErrorReport | null;
  /** When it was last in step; null if it never was. */
  readonly inStepAt: string | null;
  readonly attemptedAt: string | null;
  /** The newest snapshot that it holds. */
  readonly newest: string | null;
  /** What it held at its last attempt; bytes that snapshots share count once. */
  readonly snapshots: number;
  readonly bytes: number;
  /** By its last run. */
  readonly sentBytes: number;
  /** True where its disk may be unplugged: a folder that is in step, and nobody works on it. */
  readonly isSafeToRemove: boolean;
  /** True where it lies on the disk of the backups; null where nobody knows. */
  readonly isSameDisk: boolean | null;
  readonly isRunning: boolean;
  /** When the oldest of its bytes was read back; null while some never were. */
  readonly verifiedAt: string | null;
  readonly drill: { readonly at: string; readonly ok: boolean; readonly id: string } | null;
}

/** What a run of a copy did. */
export interface CopyReport {
  readonly name: string;
  readonly place: string;
  /** Snapshots that came to the copy, newest first. */
  readonly added: readonly string[];
  /** Snapshots that its retention removed. */
  readonly removed: readonly string[];
  /** Bytes that travelled, and bytes that were linked or copied at the target instead. */
  readonly sentBytes: number;
  readonly linkedBytes: number;
  readonly snapshots: number;
  /** Snapshots that no copy takes: made by v1.5, or damaged. */
  readonly leftOut: readonly string[];
  readonly durationMs: number;
  readonly isSafeToRemove: boolean;
}

/** A small file was written to a copy, read back and removed. */
export interface CopyTest {
  readonly name: string;
  readonly place: string;
  readonly durationMs: number;
  /** Bytes that are free there; null where nobody knows. */
  readonly freeBytes: number | null;
  /** The copy was made ready for its first snapshots by this. */
  readonly isNew: boolean;
}

/** Three copies of the data, on two disks, one of them elsewhere. */
export interface Spread {
  /** The live Brain counts as one, the backups as one, and each copy in step. */
  readonly copies: number;
  readonly disks: number;
  readonly elsewhere: number;
}

/** What came of `adopt`. */
export interface Adopted {
  /** The copy's name in the settings; null where it is a backups folder, which is only read. */
  readonly name: string | null;
  readonly place: string;
  readonly root: string;
  readonly backups: string;
  /** Whole snapshots that are there, newest first, and those of them that are in the backups now. */
  readonly found: readonly string[];
  readonly brought: readonly string[];
  readonly damaged: readonly string[];
}

/** What a check of a copy has found. */
export interface CopyCheck {
  readonly copy: string;
  readonly check: 'verify' | 'drill';
  readonly ok: boolean;
  /** Empty when ok. */
  readonly problem: string;
}
