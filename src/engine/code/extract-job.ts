import type { IndexEntry, Pack } from './code-index.ts';

/** Entries that lie in the same packs, to be unpacked by one thread. */
export interface ExtractJob {
  /** Of the archive; descriptors belong to the process, so every thread may read from it. */
  readonly fd: number;
  /** Absolute path of the folder that everything goes below. */
  readonly target: string;
  /** One pack, or several that follow one another when a large file runs over them. */
  readonly packs: readonly Pack[];
  /** The wanted ones, all beginning in the first pack. Only files are written; the others' headers are checked. */
  readonly entries: readonly IndexEntry[];
  /** Whether each file is flushed to the disk. */
  readonly fsync: boolean;
  /** An Int32 that is not 0 once the work is of no use any more. */
  readonly stop: SharedArrayBuffer;
}

export type ExtractResult =
  | { readonly kind: 'extracted'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'stopped' }
  /** The archive is not what the index says. */
  | { readonly kind: 'damaged'; readonly path: string; readonly reason: string }
  /** The system refused to read or write. */
  | { readonly kind: 'failed'; readonly path: string; readonly systemCode: string; readonly reason: string };
