import { hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { CodeIndex, Pack } from './code-index.ts';
import type { Member } from './pack-job.ts';

const windowBytes = 2 * 1024 * 1024;

/** The packs of an earlier archive. */
export interface StoredPacks {
  /** The member as it lies in the file, or undefined when its hash shows that it is damaged. */
  read(pack: number): Promise<Member | undefined>;
  close(): Promise<void>;
}

/** Opens an archive to copy packs from. An archive that can't be read counts as damaged throughout. */
export function openStoredPacks(archiveFile: string, index: CodeIndex): StoredPacks {
  let opened: Promise<FileHandle | undefined> | undefined;
  const handleOnce = (): Promise<FileHandle | undefined> => {
    opened ??= open(archiveFile, 'r').catch(() => undefined);
    return opened;
  };
  let window = { offset: 0, bytes: Buffer.alloc(0) };
  /** Packs are read in order, so what follows one is read with it. */
  const readAhead = async (handle: FileHandle, { offset, bytes }: Pack): Promise<Buffer | undefined> => {
    if (offset < window.offset || offset + bytes > window.offset + window.bytes.length) {
      window = { offset, bytes: await readAt(handle, offset, Math.max(bytes, windowBytes)) };
    }
    const start = offset - window.offset;
    return start + bytes > window.bytes.length ? undefined : window.bytes.subarray(start, start + bytes);
  };
  return {
    read: async (number) => {
      const handle = await handleOnce();
      const pack = index.packs[number];
      if (handle === undefined || pack === undefined) return undefined;
      const bytes = await readAhead(handle, pack);
      if (bytes === undefined || hash('sha256', bytes, 'hex') !== pack.sha256) return undefined;
      return { bytes, rawBytes: pack.rawBytes, sha256: pack.sha256 };
    },
    close: async () => {
      await (await opened)?.close();
    },
  };
}

/** Up to `length` bytes: fewer where the file ends, or can't be read. */
async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let read = 0;
  try {
    while (read < length) {
      const { bytesRead } = await handle.read(bytes, read, length - read, offset + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } catch {
    return bytes.subarray(0, read);
  }
}
