/** What the first 100 bytes of a SQLite file say (sqlite.org/fileformat.html, 1.3). */
export interface SqliteHeader {
  readonly pageSize: number;
  /** A rollback journal (`delete`, also for `truncate` and `persist`, which are not stored), or a write-ahead log. */
  readonly journalMode: 'wal' | 'delete';
  readonly changeCounter: number;
  /** Pages that hold nothing. */
  readonly freePages: number;
  /** SQLITE_VERSION_NUMBER of the library that wrote last, such as 3044002; 0 for very old ones. */
  readonly writerVersion: number;
}

export const sqliteHeaderBytes = 100;

const magic = Buffer.from('SQLite format 3\0', 'latin1');

/** True when the bytes begin as every SQLite file begins. */
export function startsLikeSqlite(bytes: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.equals(bytes.subarray(0, magic.length));
}

/** Reads a header, or gives undefined when the bytes are not those of a SQLite file. */
export function parseSqliteHeader(bytes: Buffer): SqliteHeader | undefined {
  if (bytes.length < sqliteHeaderBytes || !startsLikeSqlite(bytes)) return undefined;
  const storedPageSize = bytes.readUInt16BE(16);
  return {
    pageSize: storedPageSize === 1 ? 65_536 : storedPageSize,
    journalMode: bytes[18] === 2 || bytes[19] === 2 ? 'wal' : 'delete',
    changeCounter: bytes.readUInt32BE(24),
    freePages: bytes.readUInt32BE(36),
    writerVersion: bytes.readUInt32BE(96),
  };
}

/**
 * True for the versions whose WAL can be corrupted when two connections write and checkpoint at once: 3.7.0 to 3.51.2,
 * less the backports 3.44.6 and 3.50.7 (sqlite.org/wal.html, 8.1).
 */
export function hasWalResetBug(version: number): boolean {
  if (version < 3_007_000 || version > 3_051_002) return false;
  const backported = (version >= 3_044_006 && version < 3_045_000) || (version >= 3_050_007 && version < 3_051_000);
  return !backported;
}

/** `3044002` as `3.44.2`. */
export function formatSqliteVersion(version: number): string {
  return `${Math.floor(version / 1_000_000)}.${Math.floor(version / 1000) % 1000}.${version % 1000}`;
}
