import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import type { FileListing } from '../../shared/results.ts';
import type { Problem } from './problem.ts';

/**
 * Reads a `.tar.gz` of v1.5, which has no index, through to its end. Answers what is wrong and what is in it; names
 * without a leading `./`.
 */
export async function verifyLegacyArchive(
  archiveFile: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly problems: readonly Problem[]; readonly entries: readonly FileListing[] }> {
  const file = basename(archiveFile);
  const problems: Problem[] = [];
  const entries = new Map<string, FileListing>();
  let hasEnd = false;
  const parser = new Parser({
    brotli: false,
    zstd: false,
    onwarn: (code, message) => problems.push({ file, message: `is damaged (${code}): ${String(message)}` }),
    onReadEntry: (entry) => {
      entry.resume();
      const listing = describeEntry(entry);
      if (entries.has(listing.path)) problems.push({ file: `${file}: ${listing.path}`, message: 'occurs twice' });
      if (listing.path !== '') entries.set(listing.path, listing);
    },
  });
  parser.on('eof', () => {
    hasEnd = true;
  });
  try {
    const stream = createReadStream(archiveFile, { highWaterMark: 256 * 1024 });
    const gunzip = createGunzip({ chunkSize: 256 * 1024 });
    stream.on('error', (error) => gunzip.destroy(error));
    for await (const raw of stream.pipe(gunzip)) {
      signal.throwIfAborted();
      parser.write(raw);
    }
    parser.end();
    if (!hasEnd) problems.push({ file, message: 'has no end mark: it may be cut off' });
    const unread = (await stat(archiveFile)).size - gunzip.bytesWritten;
    if (unread > 0) problems.push({ file, message: `has ${unread} bytes after its end` });
  } catch (error) {
    signal.throwIfAborted();
    problems.push({
      file,
      message: `can not be read to its end: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  return { problems, entries: [...entries.values()] };
}

function describeEntry({ path, type, size, mode, mtime, linkpath }: ReadEntry): FileListing {
  const kind = type === 'Directory' ? 'folder' : type === 'SymbolicLink' || type === 'Link' ? 'link' : 'file';
  return {
    path: path.replace(/^(\.\/)+/, '').replace(/\/+$/, ''),
    kind,
    bytes: kind === 'file' ? size : 0,
    modifiedAt: (mtime ?? new Date(0)).toISOString(),
    mode: (mode ?? 0) & 0o7777,
    ...(kind === 'link' && linkpath !== undefined ? { target: linkpath } : {}),
  };
}
