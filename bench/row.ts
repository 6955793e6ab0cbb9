import type { Peers } from './peers/find-peers.ts';
import type { Workspace } from './workspace.ts';

/** One row (or a few that are measured together) of the table of numbers to hold. Each lies in a file of its own. */
export interface Row {
  /** Word for `--only`. */
  readonly name: string;
  readonly describe: string;
  measure(bench: Bench): Promise<readonly Finding[]>;
}

/** What a row works with. */
export interface Bench {
  readonly workspace: Workspace;
  readonly peers: Peers;
  /** Counted runs of each contender; a warm-up run comes before them. */
  readonly rounds: number;
}

export type Unit = 'ms' | 'bytes' | 'count';

/** One line of the table: our samples, those of the peer they are held against, and the bound. */
export interface Finding {
  readonly what: string;
  readonly unit: Unit;
  readonly ours: readonly number[];
  /** Without samples: the peer is not installed. */
  readonly peer?: { readonly name: string; readonly samples: readonly number[] };
  readonly bound: Bound;
  readonly note?: string;
}

/** `ratio`: our median over the peer's; `value`: our median, in the finding's unit. */
export type Bound =
  | { readonly kind: 'ratio'; readonly atMost: number; readonly isInformation?: boolean }
  | { readonly kind: 'value'; readonly atMost: number }
  | { readonly kind: 'none' };
