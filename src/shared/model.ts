/** The words of the design as types. Times are ISO strings in UTC; sizes are bytes; durations are milliseconds. */

export const triggers = ['manual', 'boot', 'growth', 'change', 'schedule', 'pre-restore'] as const;
/** Why a snapshot was taken. */
export type Trigger = (typeof triggers)[number];

/** `incomplete`: published, but some source could not be read. `legacy`: made by v1.5. */
export type SnapshotStatus = 'verified' | 'incomplete' | 'legacy' | 'damaged';

export const skipReasons = ['unreadable', 'vanished', 'special', 'name', 'replaced'] as const;
/**
 * Why a path is not in a snapshot. `unreadable`, `name` (not UTF-8) and `replaced` (another kind of file when it was
 * opened) make a snapshot incomplete; `vanished` and `special` (FIFO, socket, device) are only listed.
 */
export type SkipReason = (typeof skipReasons)[number];

export interface Skipped {
  /** Path relative to the root, with `/`. */
  readonly path: string;
  readonly reason: SkipReason;
  /** The system's word on it, such as `EACCES`. */
  readonly detail?: string;
}

export interface Warning {
  /** Stable name for scripts, in kebab-case. */
  readonly code: string;
  /** A sentence for the user. */
  readonly message: string;
}

export interface TableCount {
  readonly name: string;
  readonly rows: number;
  /** Greatest rowid; null for a table without rowids or without rows. */
  readonly maxRowid: number | null;
}

/** One captured SQLite database. */
export interface DatabasePart {
  /** Name inside the snapshot folder, such as `codex-brain.db` or `databases/codex-hands/hands.db`. */
  readonly file: string;
  /** Path of the source, relative to the root. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly pageSize: number;
  readonly pageCount: number;
  /** Journal mode of the source: `wal`, `delete`, … The copy is always `delete`. */
  readonly journalMode: string;
  /** Mode bits and owner of the source file. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly tables: readonly TableCount[];
  readonly userVersion: number;
  /** sha256 over the schema's statements; empty where the schema is damaged. */
  readonly schemaHash: string;
  /** `ok`, or the first messages of integrity_check. */
  readonly integrity: string;
  readonly foreignKeyViolations: number;
  /** How long the read lock on the source was held. */
  readonly lockHeldMs: number;
}

export interface PackCounts {
  readonly total: number;
  readonly reused: number;
}

/** The code archive of a snapshot. */
export interface CodePart {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Regular files and links, without folders. */
  readonly files: number;
  /** Bytes of the tar stream before compression. */
  readonly rawBytes: number;
  readonly packs: PackCounts;
  /** True when the archive is a hard link to (or a copy of) the previous snapshot's. */
  readonly linked: boolean;
}

/** One snapshot, as every shell shows it. */
export interface Snapshot {
  readonly id: string;
  readonly path: string;
  readonly createdAt: string;
  readonly sequence: number;
  readonly trigger: Trigger | 'legacy';
  readonly status: SnapshotStatus;
  readonly pinned: boolean;
  readonly note: string;
  readonly durationMs: number;
  /** What removing this snapshot alone would free. */
  readonly diskBytes: number;
  readonly brain: DatabasePart | null;
  readonly databases: readonly DatabasePart[];
  readonly code: CodePart | null;
  readonly skipped: readonly Skipped[];
  readonly warnings: readonly Warning[];
}

/** Names of the files in a snapshot folder; see docs/snapshot-format.md. */
export const snapshotFiles = {
  brain: 'codex-brain.db',
  code: 'codex-code.tar.gz',
  databases: 'databases',
  index: 'code-index.json.gz',
  restoreText: 'RESTORE.txt',
  manifest: 'manifest.json',
} as const;
