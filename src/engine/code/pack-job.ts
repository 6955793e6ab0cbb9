import type { Skipped, Warning } from '../../shared/model.ts';
import type { CodeEntry } from './code-entry.ts';
import type { IndexEntry } from './code-index.ts';

/** What fstat said when a file was opened; goes into the index, so that a later change is seen. */
export type SourceStats = Pick<IndexEntry, 'size' | 'mode' | 'mtimeNs' | 'ctimeNs' | 'ino'>;

/** An index entry whose place in the archive isn't known yet. */
export type PackedEntry = Omit<IndexEntry, 'pack'>;

/** One gzip member, ready to be written. */
export interface Member {
  readonly bytes: Uint8Array;
  readonly rawBytes: number;
  /** sha256 of `bytes`, in hex. */
  readonly sha256: string;
}

export interface PackJobEntry {
  readonly entry: CodeEntry;
  /** Set where the stored tar bytes may be equal: what is known of the content. */
  readonly stored?: { readonly sha256: string; readonly mustRead: boolean };
}

/** Reads these entries and makes them one pack, unless `mayBeEqual` and they turn out to be what is stored already. */
export interface PackJob {
  readonly kind: 'pack';
  readonly root: string;
  readonly entries: readonly PackJobEntry[];
  readonly mayBeEqual: boolean;
}

/** Compresses a piece of tar. */
export interface CompressJob {
  readonly kind: 'compress';
  readonly raw: Uint8Array;
}

/** Loads what packing needs, so that the first pack needn't wait for it. */
export interface WarmJob {
  readonly kind: 'warm';
}

export type WorkerJob = PackJob | CompressJob | WarmJob;

export interface Remarks {
  readonly skipped: readonly Skipped[];
  readonly warnings: readonly Warning[];
}

export type PackResult =
  /** Nothing to write; `stats` are those of the files that were read, by path. */
  | { readonly kind: 'equal'; readonly stats: ReadonlyMap<string, SourceStats>; readonly remarks: Remarks }
  /** Every entry was skipped. */
  | { readonly kind: 'empty'; readonly remarks: Remarks }
  | {
      readonly kind: 'packed';
      readonly member: Member;
      readonly entries: readonly PackedEntry[];
      readonly remarks: Remarks;
    };

export type WorkerResult =
  | PackResult
  | { readonly kind: 'compressed'; readonly member: Member }
  | { readonly kind: 'warm' };
