import type { CodeChange, DatabaseChange, SnapshotDetail } from '../results.ts';

/** One snapshot in full, and its neighbours. */
export interface ShownSnapshot extends SnapshotDetail {
  readonly previous: string | null;
  readonly next: string | null;
}

/** One level of a snapshot's files: folders first, by name. */
export interface FolderLevel {
  readonly path: string;
  readonly entries: readonly TreeEntry[];
  /** How many there are; `entries` holds those from `offset` on, up to a limit. */
  readonly total: number;
}

export interface TreeEntry {
  readonly path: string;
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Of a folder: of all files below it. */
  readonly bytes: number;
  /** Files and links below a folder; 1 for others. */
  readonly files: number;
  readonly modifiedAt: string;
  readonly mode: number;
  /** Of a link. */
  readonly target?: string;
}

/** Files whose path holds the words of a query, best first. */
export interface FoundFiles {
  readonly entries: readonly TreeEntry[];
  /** All that match, also those past the limit. */
  readonly total: number;
}

/** The beginning of a file. */
export interface FilePreview {
  readonly path: string;
  readonly bytes: number;
  /** `binary`: it isn't UTF-8 text, and `text` is empty. */
  readonly kind: 'text' | 'binary';
  readonly text: string;
  /** There is more than `text`. */
  readonly isCut: boolean;
}

/** One file then and later. */
export interface FileDiff {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** `binary` and `tooLarge` differ, and have no hunks. */
  readonly state: 'same' | 'changed' | 'added' | 'removed' | 'binary' | 'tooLarge';
  readonly bytesBefore: number | null;
  readonly bytesAfter: number | null;
  readonly hunks: readonly DiffHunk[];
  /** There are more hunks than these. */
  readonly isCut: boolean;
}

/** Lines are counted from 1; between two hunks all lines are the same. */
export interface DiffHunk {
  readonly beforeStart: number;
  readonly afterStart: number;
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** The tables of a snapshot's databases, the Brain first, against the snapshot before it and against now. */
export interface DatabaseView {
  /** Path in the root. */
  readonly path: string;
  readonly isBrain: boolean;
  readonly bytes: number;
  readonly integrity: string;
  readonly foreignKeyViolations: number;
  readonly tables: readonly TableView[];
}

export interface TableView {
  readonly name: string;
  readonly rows: number;
  /** Rows less those of the snapshot before; null where that had no such table, or there is none. */
  readonly sincePrevious: number | null;
  /** Rows made since, by the advance of the greatest rowid; null where that can't be told. */
  readonly madeSince: number | null;
}

/** One row of a table. Text is cut after 500 characters; a blob is named by its size. */
export interface MemoryRow {
  readonly database: string;
  readonly table: string;
  readonly rowid: number;
  readonly createdAt: string | null;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** What changed, with as many of the changed files as a window can show. */
export interface ShownDiff {
  readonly from: string;
  readonly to: string;
  readonly services: readonly ServiceDiff[];
  readonly totals: { readonly added: number; readonly changed: number; readonly removed: number };
  /** The first of them, by path. */
  readonly code: readonly CodeChange[];
  readonly databases: readonly DatabaseChange[];
}

/** Files and links of one first-level folder; empty name for the root's own. */
export interface ServiceDiff {
  readonly folder: string;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** Where a file can be fetched from, once, within a minute. Relative to the panel's address. */
export interface Download {
  readonly href: string;
  readonly name: string;
  readonly bytes: number;
}
