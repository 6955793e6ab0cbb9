import type { ErrorReport } from './app-error.ts';
import type { CopyCheck } from './copies.ts';
import type { Snapshot, Trigger } from './model.ts';
import type { Alarm } from './results.ts';

/** What a watcher tells while it runs; every shell prints or shows the same events. Times are ISO strings in UTC. */
export type WatchEvent = { readonly at: string } & (
  | { readonly kind: 'started'; readonly root: string; readonly backups: string; readonly intervalSeconds: number }
  | { readonly kind: 'look'; readonly bytes: number; readonly growthBytes: number; readonly thresholdBytes: number }
  /** A restore is at work, so nobody looked. */
  | { readonly kind: 'skipped'; readonly reason: string }
  /** The machine slept, or the clock was set: the look came this much later (or, negative, earlier) than it was due. */
  | { readonly kind: 'clock'; readonly lateMs: number }
  | { readonly kind: 'replaced'; readonly message: string }
  /** Something is wrong, told once; `solved` when it is gone. */
  | { readonly kind: 'problem'; readonly error: ErrorReport }
  | { readonly kind: 'solved'; readonly code: string }
  | { readonly kind: 'begin'; readonly trigger: Trigger; readonly why: string }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  /** The snapshot just taken misses memories. */
  | { readonly kind: 'alarm'; readonly alarm: Alarm }
  /** There is nothing else to do, so a snapshot is read back or restored on trial; broken off, it has no `checked`. */
  | { readonly kind: 'checking'; readonly check: 'verify' | 'drill'; readonly snapshot: string }
  /** `problem` is empty when ok. */
  | {
      readonly kind: 'checked';
      readonly check: 'verify' | 'drill';
      readonly snapshot: string;
      readonly ok: boolean;
      readonly problem: string;
    }
  /** A copy is brought up to date: its disk was connected, or there is something new. */
  | { readonly kind: 'copying'; readonly copy: string }
  | {
      readonly kind: 'copied';
      readonly copy: string;
      readonly snapshots: number;
      readonly sentBytes: number;
      /** Its disk may be unplugged now. */
      readonly isSafeToRemove: boolean;
    }
  /** A part of a copy was read back, or its newest snapshot restored on trial. */
  | ({ readonly kind: 'copy-checked' } & CopyCheck)
  /** Told once, and again when it fails for another cause. Snapshots go on. */
  | { readonly kind: 'copy-failed'; readonly copy: string; readonly error: ErrorReport }
  /** Another process takes a snapshot at this moment. */
  | { readonly kind: 'busy'; readonly message: string }
  | { readonly kind: 'failed'; readonly error: ErrorReport; readonly attempts: number; readonly nextAttemptAt: string }
  | { readonly kind: 'ended' }
);

/** An event without its time. */
export type WatchNews = WatchEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'at'> : never) : never;

/** What came of a watch, when it was ended. */
export interface WatchSummary {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly looks: number;
  readonly snapshots: readonly string[];
  readonly failures: number;
}
