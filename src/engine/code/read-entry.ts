import { createHash, hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { CodeIndex, IndexEntry, Pack } from './code-index.ts';

const gunzipAsync = promisify(gunzip);

/**
 * The content of one file of an archive, piece by piece. Reads and inflates only the packs that it lies in, one at a
 * time; checks the hash of each and of the whole, so don't use what came before an error (`snapshot-damaged`).
 */
export async function* readEntry(
  archiveFile: string,
  index: CodeIndex,
  entry: IndexEntry,
): AsyncGenerator<Buffer, void, void> {
  if (entry.kind !== 'file') throw new AppError('entry-missing', `${entry.path} is a ${entry.kind}, not a file.`);
  const handle = await openArchive(archiveFile);
  const content = createHash('sha256');
  try {
    let start = entry.dataOffset;
    let remaining = entry.size;
    for (let number = entry.pack; remaining > 0; number += 1) {
      const pack = index.packs[number];
      if (pack === undefined) throw damaged(archiveFile, entry, 'the archive ends before it');
      const raw = await inflate(handle, pack).catch((error: unknown) => {
        throw damaged(archiveFile, entry, error instanceof Error ? error.message : String(error));
      });
      const piece = raw.subarray(start, Math.min(start + remaining, raw.length));
      start = Math.max(0, start - raw.length);
      remaining -= piece.length;
      content.update(piece);
      if (piece.length > 0) yield piece;
    }
    if (content.digest('hex') !== entry.sha256)
      throw damaged(archiveFile, entry, 'its content does not match its hash');
  } finally {
    await handle.close();
  }
}

async function openArchive(archiveFile: string): Promise<FileHandle> {
  return open(archiveFile, 'r').catch((error: unknown) => {
    throw new AppError('snapshot-damaged', `${archiveFile} can not be opened: ${systemErrorCode(error) ?? 'error'}.`, {
      hint: 'Verify the snapshot, or use another one.',
      cause: error,
    });
  });
}

async function inflate(handle: FileHandle, pack: Pack): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(pack.bytes);
  for (let read = 0; read < pack.bytes; ) {
    const { bytesRead } = await handle.read(bytes, read, pack.bytes - read, pack.offset + read);
    if (bytesRead === 0) throw new Error('the archive is too short');
    read += bytesRead;
  }
  if (hash('sha256', bytes, 'hex') !== pack.sha256) throw new Error('a pack does not match its hash');
  const raw = await gunzipAsync(bytes, { maxOutputLength: Math.max(1, pack.rawBytes), rejectGarbageAfterEnd: true });
  if (raw.length !== pack.rawBytes) throw new Error('a pack does not have the size that the index names');
  return raw;
}

function damaged(archiveFile: string, entry: IndexEntry, why: string): AppError {
  return new AppError('snapshot-damaged', `${entry.path} can not be read from ${archiveFile}: ${why}.`, {
    hint: 'Verify the snapshot, or use another one.',
  });
}
