import { createHash } from 'node:crypto';
import { closeSync, fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import type { Skipped } from '../../shared/model.ts';
import type { CodeEntry } from './code-entry.ts';
import {
  isChanged,
  NotArchivableError,
  type OpenSource,
  openSource,
  refuseDatabase,
  skippedBecause,
  toSourceStats,
} from './open-source.ts';
import type { PackedEntry, SourceStats } from './pack-job.ts';
import { packLimitBytes, toBlocks } from './plan-packs.ts';

const readAsync = promisify(read);

export type LargeFile =
  | { readonly kind: 'read'; readonly entry: PackedEntry; readonly isChanged: boolean }
  | { readonly kind: 'skipped'; readonly skipped: Skipped };

/**
 * Hands out the tar bytes of a large file in pieces of 1 MB, each a buffer of its own, and waits for `take` before it
 * reads on. A file that turns out unreadable half-way is `skipped`: what was taken of it must be taken back.
 */
export async function readLargeFile(
  root: string,
  file: CodeEntry,
  signal: AbortSignal,
  take: (raw: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<LargeFile> {
  return withSource(root, file, async ({ fd, stats }) => {
    const size = Number(stats.size);
    // archiver takes 50 ms to load, which a snapshot of unchanged code can do without.
    const { buildTarHeader } = await import('./tar-entry.ts');
    const header = await buildTarHeader({ ...toSourceStats(stats, size), path: file.path, kind: 'file' });
    const content = createHash('sha256');
    let isShort = false;
    for (let position = 0, lead = header.length; position < size || lead > 0; lead = 0) {
      signal.throwIfAborted();
      const length = Math.min(packLimitBytes - lead, size - position);
      const raw = new Uint8Array(lead + toBlocks(length));
      raw.set(header.subarray(0, lead));
      const piece = Buffer.from(raw.buffer, lead, length);
      if ((await onFile(fillFrom(fd, piece, position), file)) < length) isShort = true;
      if (position === 0) refuseDatabase(piece);
      content.update(piece);
      position += length;
      await take(raw);
    }
    const stored = { ...toSourceStats(stats, size), sha256: content.digest('hex') };
    return {
      kind: 'read',
      entry: { path: file.path, kind: 'file', ...stored, headerOffset: 0, dataOffset: header.length },
      isChanged: isShort || isChanged(stats, fstatSync(fd, { bigint: true })),
    };
  });
}

/** Hashes a large file, to see whether it is what is stored. */
export async function hashLargeFile(
  root: string,
  file: CodeEntry,
  signal: AbortSignal,
): Promise<
  { readonly sha256: string; readonly stats: SourceStats } | { readonly kind: 'skipped'; readonly skipped: Skipped }
> {
  return withSource(root, file, async ({ fd, stats }) => {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafeSlow(packLimitBytes);
    let position = 0;
    for (let length = -1; length !== 0; position += length) {
      signal.throwIfAborted();
      length = await onFile(fillFrom(fd, buffer, position), file);
      if (position === 0) refuseDatabase(buffer);
      hash.update(buffer.subarray(0, length));
    }
    return { sha256: hash.digest('hex'), stats: toSourceStats(stats, position) };
  });
}

/** A failure of the file itself, as against one of whoever takes its bytes. */
class SourceError extends Error {}

async function onFile<T>(work: Promise<T>, file: CodeEntry): Promise<T> {
  return work.catch((cause: unknown) => {
    throw new SourceError(`${file.path} can not be read`, { cause });
  });
}

async function withSource<T>(
  root: string,
  file: CodeEntry,
  use: (source: OpenSource) => Promise<T>,
): Promise<T | { readonly kind: 'skipped'; readonly skipped: Skipped }> {
  const source = tryOpen(root, file);
  if ('kind' in source) return source;
  try {
    return await use(source);
  } catch (error) {
    if (error instanceof SourceError) return { kind: 'skipped', skipped: skippedBecause(error.cause, file.path) };
    if (error instanceof NotArchivableError) return { kind: 'skipped', skipped: skippedBecause(error, file.path) };
    throw error;
  } finally {
    closeSync(source.fd);
  }
}

function tryOpen(root: string, file: CodeEntry): OpenSource | { readonly kind: 'skipped'; readonly skipped: Skipped } {
  try {
    return openSource(root, file);
  } catch (error) {
    return { kind: 'skipped', skipped: skippedBecause(error, file.path) };
  }
}

/** Reads until the buffer is full or the file ends; answers how much. */
async function fillFrom(fd: number, buffer: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await readAsync(fd, buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
