import { type BigIntStats, closeSync, lstatSync, readSync, realpathSync } from 'node:fs';
import { systemErrorCode } from '../../shared/app-error.ts';
import { type FileIdentity, isOpenThroughSqlite, openForReading } from '../platform/open-file.ts';
import { parseSqliteHeader, type SqliteHeader, startsLikeSqlite } from './sqlite-header.ts';

/** A SQLite file, as its header tells before any connection exists. */
export interface SqliteFile {
  readonly kind: 'sqlite';
  /** Where it really lies: links are resolved. */
  readonly path: string;
  readonly stats: BigIntStats;
  readonly header: SqliteHeader;
}

/** What lies at a path where a database is expected. */
export type DatabaseFile =
  | SqliteFile
  | {
      readonly kind: 'missing' | 'empty' | 'not-sqlite' | 'encrypted' | 'not-a-file' | 'in-use-here';
      readonly path: string;
    }
  | { readonly kind: 'unreadable'; readonly path: string; readonly cause: unknown };

const sampleBytes = 4096;

/** Looks at a file before any connection to it exists in this process. Follows links; throws nothing. */
export function inspectDatabaseFile(path: string): DatabaseFile {
  try {
    const real = realpathSync(path);
    const stats = lstatSync(real, { bigint: true });
    if (!stats.isFile()) return { kind: 'not-a-file', path: real };
    if (stats.size === 0n) return { kind: 'empty', path: real };
    if (isOpenThroughSqlite(stats)) return { kind: 'in-use-here', path: real };
    return classify(real, stats, readStart(real, stats, sampleBytes));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', path };
    return { kind: 'unreadable', path, cause: error };
  }
}

/** True when that regular file begins as a SQLite database. Throws the system's error when it can't be read. */
export function hasSqliteHeader(path: string, stats: FileIdentity & { readonly size: bigint | number }): boolean {
  if (isOpenThroughSqlite(stats)) return true;
  return stats.size >= 16 && startsLikeSqlite(readStart(path, stats, 16));
}

function readStart(path: string, expected: FileIdentity, length: number): Buffer {
  const { fd } = openForReading(path, expected);
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(fd, bytes, 0, length, 0));
  } finally {
    closeSync(fd);
  }
}

function classify(path: string, stats: BigIntStats, start: Buffer): DatabaseFile {
  const header = parseSqliteHeader(start);
  if (header !== undefined) return { kind: 'sqlite', path, stats, header };
  return { kind: looksEncrypted(stats.size, start) ? 'encrypted' : 'not-sqlite', path };
}

/** SQLCipher and its like write whole pages that can't be told from random bytes. */
function looksEncrypted(size: bigint, start: Buffer): boolean {
  return size % 512n === 0n && start.length >= 512 && entropyBits(start) > 7.4;
}

/** Shannon entropy in bits per byte; random bytes give 7.95 over 4096 of them and 7.6 over 512. */
function entropyBits(bytes: Buffer): number {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}
