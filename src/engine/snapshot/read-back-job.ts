import type { IndexEntry, Pack } from '../code/code-index.ts';

/** Packs that hold the same whole entries, and how much of them is to be proven. */
export interface ReadBackGroup {
  readonly packs: readonly Pack[];
  readonly entries: readonly IndexEntry[];
  /** True: inflate, parse and hash every entry. False: the hashes of the packs suffice. */
  readonly isDeep: boolean;
}

export interface ReadBackJob {
  readonly archiveFile: string;
  readonly groups: readonly ReadBackGroup[];
}

/** Something found wrong; without a path it concerns the archive itself. */
export interface Finding {
  readonly path?: string;
  readonly message: string;
}

export interface ReadBackResult {
  readonly findings: readonly Finding[];
}
