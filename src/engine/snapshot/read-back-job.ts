import type { IndexEntry, Pack } from '../code/code-index.ts';

/** Packs that hold the same whole entries, and how much of them is to be proven. */
export interface ReadBackGroup {
  readonly packs: readonly Pack[];
  /**
   * `entries`: inflate, parse and hash every entry. `hashes`: those of the packs suffice, so no entries are sent to the
   * thread. `end`: the zero blocks that end the archive.
   */
  readonly proof: 'entries' | 'hashes' | 'end';
  readonly entries: readonly IndexEntry[];
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
  /** Groups of the job that are damaged as a whole, with all their entries. */
  readonly damaged: readonly { readonly group: number; readonly message: string }[];
}
