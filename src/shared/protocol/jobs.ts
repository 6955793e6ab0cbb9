import type { ErrorReport } from '../app-error.ts';
import type { CopyReport, CopyTest } from '../copies.ts';
import type { Snapshot, Trigger } from '../model.ts';
import type { ProgressEvent } from '../progress.ts';
import type { RecoveredRestore } from '../restore-plan.ts';
import type { DrillResult, VerifyResult } from '../results.ts';
import type { PrunePlan } from '../retention.ts';
import { z } from '../zod.ts';
import { copyName, folderName, snapshotId, ticket } from './payload-schemas.ts';
import type { ShownReport } from './restore-views.ts';

/** Long work. `start` with the same request again joins the job that runs. */
export const jobRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('backUp') }),
  /** All snapshots where there are no ids. */
  z.strictObject({ kind: z.literal('verify'), ids: z.array(snapshotId).max(10_000) }),
  z.strictObject({ kind: z.literal('drill'), id: snapshotId }),
  /** Carries out what `planRestore` or `planUndo` has shown; refused where that has changed since. */
  z.strictObject({ kind: z.literal('restore'), plan: ticket }),
  z.strictObject({ kind: z.literal('undo'), plan: ticket }),
  /** Everything into `name`, a new folder inside the chosen one; or into the chosen one, if it is empty. */
  z.strictObject({ kind: z.literal('restoreInto'), id: snapshotId, folder: ticket, name: folderName.optional() }),
  z.strictObject({ kind: z.literal('recover') }),
  /** Removes none but these: what the user has seen in a plan. */
  z.strictObject({ kind: z.literal('prune'), only: z.array(snapshotId).min(1).max(10_000) }),
  /** Brings one copy up to date; `testCopy` writes a small file there, reads it back and removes it. */
  z.strictObject({ kind: z.literal('copy'), name: copyName }),
  z.strictObject({ kind: z.literal('testCopy'), name: copyName }),
  /** Brings a snapshot of a copy into the backups, to be restored: one that `copySnapshots` has named. */
  z.strictObject({ kind: z.literal('fetchCopy'), name: copyName, id: snapshotId }),
  /** Makes a sample Codex, starts it where its services can run, and has the panel show it. */
  z.strictObject({ kind: z.literal('sample') }),
]);
export type JobRequest = z.infer<typeof jobRequest>;
export type JobKind = JobRequest['kind'];

/** One piece of long work, as every window sees it. */
export interface JobState {
  readonly id: string;
  readonly kind: JobKind;
  /** The snapshots it is about, if any. */
  readonly ids: readonly string[];
  /** Of the jobs about a copy: which. */
  readonly copy?: string;
  /** A snapshot that the watcher takes is a job as well, and a copy that it brings up to date. */
  readonly by: 'user' | 'watcher';
  /** Of `backUp`: why; else null. */
  readonly trigger: Trigger | null;
  readonly startedAt: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly progress: ProgressEvent | null;
  /** When the phase of `progress` began: rate and time left are measured from it. */
  readonly phaseStartedAt: string | null;
  /** Phases that are behind it, with what each took. */
  readonly passed: readonly { readonly phase: ProgressEvent['phase']; readonly durationMs: number }[];
  readonly canCancel: boolean;
  readonly isCancelling: boolean;
  /** Waits for `answerJob`. */
  readonly question: JobQuestion | null;
  readonly endedAt: string | null;
  /** Of a job that is done. */
  readonly result: JobResult | null;
  /** Of a job that failed. */
  readonly error: ErrorReport | null;
}

/** `hold`: copying the Brain would keep Codex from saving for about this long; go on? */
export interface JobQuestion {
  readonly kind: 'hold';
  readonly predictedMs: number;
}

export type JobResult =
  | { readonly kind: 'backUp'; readonly snapshot: Snapshot }
  | { readonly kind: 'verify'; readonly results: readonly VerifyResult[] }
  | { readonly kind: 'drill'; readonly result: DrillResult }
  | { readonly kind: 'restore' | 'undo' | 'restoreInto'; readonly report: ShownReport }
  | { readonly kind: 'recover'; readonly restores: readonly RecoveredRestore[] }
  | { readonly kind: 'prune'; readonly plan: PrunePlan }
  | { readonly kind: 'copy'; readonly report: CopyReport }
  | { readonly kind: 'testCopy'; readonly test: CopyTest }
  | { readonly kind: 'fetchCopy'; readonly snapshot: Snapshot }
  | { readonly kind: 'sample'; readonly root: string; readonly isRunning: boolean; readonly problem: string | null };

/** A line that a command of a restore has written, escapes removed. Text, never markup. */
export interface OutputLine {
  /** Counts up from 1 within its job. */
  readonly number: number;
  /** The command, as it was called, and its folder relative to the root. */
  readonly command: string;
  readonly folder: string;
  readonly text: string;
}

/** A job with the newest of its output: for a window that comes late. */
export interface JobDetail {
  readonly job: JobState;
  readonly output: readonly OutputLine[];
}
