import type { OnProgress } from '../../shared/progress.ts';

/** What `walkCode` needs to know. */
export interface WalkOptions {
  /** Absolute and real: no link in it. */
  readonly root: string;
  /** Paths relative to the root; those that don't exist are left out without a word. */
  readonly include: readonly string[];
  /** Patterns as in a .gitignore in the root. Unlike those they count for tracked files too. */
  readonly exclude: readonly string[];
  /** The backups folder, absolute; never walked. */
  readonly backups: string;
  /** Paths relative to the root that are known as databases; left out with their side files. */
  readonly databasePaths: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onTouched?: TouchedHint | undefined;
}

/** Called once, while the walk goes on, when a file turns out to be touched since: a hint to get ready, and no proof. */
export interface TouchedHint {
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly notice: () => void;
}
