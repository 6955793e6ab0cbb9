/** What the thread that reads a v1.5 archive is told, and what it says. */
export type LegacyTask = ScanTask | WriteTask;

/** List every entry. */
export interface ScanTask {
  readonly kind: 'scan';
  readonly fd: number;
  /** Most bytes of tar to inflate. */
  readonly maxRawBytes: number;
}

/** Write the files that were decided on. */
export interface WriteTask {
  readonly kind: 'write';
  readonly fd: number;
  readonly maxRawBytes: number;
  readonly target: string;
  readonly files: readonly LegacyFile[];
  readonly fsync: boolean;
}

/** An entry as its headers describe it; nothing of it is believed yet. */
export interface ScannedEntry {
  /** How many entries come before it. */
  readonly ordinal: number;
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'hard-link' | 'device' | 'fifo' | 'unknown';
  readonly size: number;
  /** Permission bits, if the header has sensible ones. */
  readonly mode: number | undefined;
  readonly mtimeNs: bigint;
  readonly target: string;
}

/** A file to write: where it comes from, what the scan saw there, and where it goes. */
export interface LegacyFile {
  readonly ordinal: number;
  readonly name: string;
  readonly size: number;
  readonly path: string;
  readonly mode: number;
  readonly mtimeNs: bigint;
}

export type LegacyMessage =
  /** The thread goes on when it is answered. */
  | { readonly kind: 'entries'; readonly entries: readonly ScannedEntry[] }
  | { readonly kind: 'progress'; readonly bytes: number; readonly subject: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'damaged'; readonly path: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly path: string; readonly systemCode: string; readonly reason: string };
