import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { failPoint } from '../platform/fail-point.ts';
import { orAborted } from '../platform/ordered-queue.ts';
import { writeFailure } from '../platform/system-failure.ts';
import type { Pack } from './code-index.ts';
import type { Member } from './pack-job.ts';

/** The archive while it is written: members are appended in order and hashed on the way. */
export interface ArchiveFile {
  /** How many packs it has; the number of the next one. */
  packCount(): number;
  /** Answers the number of the pack. */
  append(member: Member): Promise<number>;
  /** Remembers where the archive ends now; the answer takes back what is appended after it. */
  mark(): () => Promise<void>;
  /** Flushes and closes it. When `signal` aborts, nobody waits for the disk any longer. */
  finish(
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly sha256: string; readonly packs: readonly Pack[] }>;
  /** Closes and removes it. */
  discard(): Promise<void>;
}

/** Creates a new archive file, 0600. A failure to write is an AppError that names the file. */
export async function createArchiveFile(path: string): Promise<ArchiveFile> {
  failPoint('archive:create');
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw writeFailure(error, path);
  });
  let hash = createHash('sha256');
  const packs: Pack[] = [];
  let offset = 0;

  return {
    packCount: () => packs.length,
    append: async ({ bytes, rawBytes, sha256 }) => {
      failPoint('archive:pack');
      hash.update(bytes);
      await writeAll(handle, bytes, offset, path);
      packs.push({ offset, bytes: bytes.length, rawBytes, sha256 });
      offset += bytes.length;
      return packs.length - 1;
    },
    mark: () => {
      const marked = { hash: hash.copy(), offset, packs: packs.length };
      return async () => {
        ({ hash, offset } = marked);
        packs.length = marked.packs;
        await handle.truncate(offset);
      };
    },
    finish: async (signal) => {
      failPoint('archive:end');
      await orAborted(flushAndClose(handle, path), signal);
      failPoint('archive:flushed');
      return { bytes: offset, sha256: hash.digest('hex'), packs };
    },
    discard: async () => {
      await rm(path, { force: true });
      // Not waited for: closing waits for a flush that may take long.
      handle.close().catch(() => undefined);
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, offset: number, path: string): Promise<void> {
  try {
    for (let written = 0; written < bytes.length; ) {
      written += (await handle.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
    }
  } catch (error) {
    throw writeFailure(error, path);
  }
}

async function flushAndClose(handle: FileHandle, path: string): Promise<void> {
  try {
    await handle.sync();
    await handle.close();
  } catch (error) {
    throw writeFailure(error, path);
  }
}
