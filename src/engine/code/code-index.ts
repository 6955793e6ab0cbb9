/**
 * `code-index.json.gz`: what lies where in the code archive. The one file that knows its format (version 1).
 * See docs/snapshot-format.md.
 */

/** One gzip member of the archive. */
export interface Pack {
  /** Where the member begins in the archive file. */
  readonly offset: number;
  readonly bytes: number;
  /** Bytes of tar that it holds. */
  readonly rawBytes: number;
  /** sha256 of the compressed member, in hex. */
  readonly sha256: string;
}

/** One entry of the archive, with what is needed to see that its source has not changed. */
export interface IndexEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Bytes of content as stored in the archive. */
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  /** Number of the pack in which the entry's tar header begins, and where in that pack's raw bytes. */
  readonly pack: number;
  readonly headerOffset: number;
  /** Where the content begins, in raw bytes from the start of `pack`; it may run on into the following packs. */
  readonly dataOffset: number;
  /** sha256 of the content, in hex; empty for folders and links. */
  readonly sha256: string;
  readonly target?: string;
}

export interface CodeIndex {
  readonly format: 1;
  /** When the archive was begun, in milliseconds: files modified later than 2 s before it are read again. */
  readonly startedAtMs: number;
  readonly packs: readonly Pack[];
  readonly entries: readonly IndexEntry[];
}
