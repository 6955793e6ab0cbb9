import { hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { CodeIndex } from './code-index.ts';
import type { Member } from './pack-job.ts';

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
  return {
    read: async (number) => {
      const handle = await handleOnce();
      const pack = index.packs[number];
      if (handle === undefined || pack === undefined) return undefined;
      const bytes = await readAt(handle, pack.offset, pack.bytes);
      if (bytes === undefined || hash('sha256', bytes, 'hex') !== pack.sha256) return undefined;
      return { bytes, rawBytes: pack.rawBytes, sha256: pack.sha256 };
    },
    close: async () => {
      await (await opened)?.close();
    },
  };
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(length);
  try {
    for (let read = 0; read < length; ) {
      const { bytesRead } = await handle.read(bytes, read, length - read, offset + read);
      if (bytesRead === 0) return undefined;
      read += bytesRead;
    }
    return bytes;
  } catch {
    return undefined;
  }
}
