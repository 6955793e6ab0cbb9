import type { Skipped, Warning } from '../../shared/model.ts';

/** One thing under the root that belongs in the code archive, as lstat saw it. */
export interface CodeEntry {
  /** Path relative to the root, with `/`, no leading `./` and no trailing `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Bytes of a file; 0 for folders and links. */
  readonly size: number;
  /** Permission bits, 0–0o7777. */
  readonly mode: number;
  /** For a folder: the newest mtime of the covered files below it (its own if there is none). */
  readonly mtimeNs: bigint;
  /** For a folder the same as its mtimeNs: its own moves with ignored files. */
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
  /** What a link points to, byte for byte. */
  readonly target?: string;
}

/** A `.env` file that is left out: its path and the names of its keys, never a value. */
export interface EnvFile {
  readonly path: string;
  readonly keys: readonly string[];
}

/** What the walk found. It has read folders and rule files, and opened no other file. */
export interface Walk {
  /** In archive order: by path, a folder before what is in it. Includes the parents of every included path. */
  readonly entries: readonly CodeEntry[];
  /**
   * Regular files of entered folders that a rule file leaves out, and those that the include list names itself; not what
   * the settings exclude. Beyond 100,000 only those whose size a database can have.
   */
  readonly ignoredFiles: readonly CodeEntry[];
  /** Excluded `.env` files met on the way, relative to the root. */
  readonly envPaths: readonly string[];
  readonly skipped: readonly Skipped[];
  readonly warnings: readonly Warning[];
}
