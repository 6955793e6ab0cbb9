import type { ErrorReport } from '../app-error.ts';
import type { SnapshotStatus, Trigger } from '../model.ts';
import type { LockHolder, Status } from '../results.ts';
import type { JobState } from './jobs.ts';

/** The state of everything, as the overview shows it. */
export interface PanelStatus extends Status {
  readonly watching: Watching;
  /** Why automatic snapshots fail at present; null while they don't. */
  readonly failing: { readonly error: ErrorReport; readonly attempts: number; readonly nextAttemptAt: string } | null;
  /** What is wrong with watching, told once each; empty while all is well. */
  readonly problems: readonly ErrorReport[];
  readonly jobs: readonly JobState[];
  /** Restores that a crash interrupted: offered first thing. */
  readonly interrupted: readonly string[];
  /** Set by the host where the root is a sample that it made. */
  readonly isSample: boolean;
}

export type Watching =
  | { readonly kind: 'here' }
  | { readonly kind: 'elsewhere'; readonly holder: LockHolder | null }
  /** Until then, or until somebody goes on. */
  | { readonly kind: 'paused'; readonly until: string | null }
  | { readonly kind: 'off'; readonly error: ErrorReport | null };

/** One snapshot in a list of a thousand. */
export interface SnapshotRow {
  readonly id: string;
  readonly createdAt: string;
  readonly sequence: number;
  readonly trigger: Trigger | 'legacy';
  readonly status: SnapshotStatus;
  readonly pinned: boolean;
  readonly note: string;
  readonly durationMs: number;
  /** What removing it alone would free. */
  readonly diskBytes: number;
  readonly brainBytes: number | null;
  /** Against the one before it that has a Brain; null without one. */
  readonly brainChange: number | null;
  /** Rows of the Brain made since that one, by the advance of the greatest rowids. */
  readonly rowsMade: number | null;
  readonly codeBytes: number | null;
  readonly codeFiles: number | null;
  /** Nothing of the code had changed. */
  readonly isSameCode: boolean;
  readonly databases: number;
  readonly skipped: number;
  readonly warnings: number;
}

export const growthRanges = ['day', 'week', 'month', 'all'] as const;
export type GrowthRange = (typeof growthRanges)[number];

/** Looks at the Brain over time, in columns and oldest first: at most about a thousand. Times are milliseconds. */
export interface GrowthSeries {
  readonly fromMs: number;
  readonly toMs: number;
  readonly atMs: readonly number[];
  readonly bytes: readonly number[];
  readonly usedBytes: readonly number[];
  /** Sums of the greatest rowids. */
  readonly rows: readonly number[];
  /** Times in which nobody looked. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly thresholdBytes: number;
  /** Size of the Brain in the baseline: the threshold's band begins there. */
  readonly baselineBytes: number | null;
  readonly markers: readonly GrowthMarker[];
}

export interface GrowthMarker {
  readonly id: string;
  readonly atMs: number;
  readonly trigger: Trigger | 'legacy';
  readonly status: SnapshotStatus;
  readonly bytes: number | null;
}
