import { isUtf8 } from 'node:buffer';
import { closeSync, lstatSync, readSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { FileDiff, FilePreview } from '../../shared/protocol/snapshot-views.ts';
import { diffLines } from '../code/diff-lines.ts';
import type { EngineContext } from '../context.ts';
import { isInside } from '../folders.ts';
import { openForReading } from '../platform/open-file.ts';
import { resolveSnapshot } from '../snapshot/catalog.ts';
import { cat } from './browse.ts';
import { findEntry } from './browse-tree.ts';

const previewBytes = 256 * 1024;
const diffBytes = 1024 * 1024;
const maxHunkLines = 5000;

/** The beginning of one file of a snapshot, as text where it is text. */
export async function preview(context: EngineContext, reference: string, path: string): Promise<FilePreview> {
  const { bytes } = await findEntry(context, reference, path);
  const start = await readStart(await cat(context, reference, path), previewBytes);
  const text = decode(start, bytes > start.length);
  const isCut = bytes > start.length;
  if (text === undefined) return { path, bytes, kind: 'binary', text: '', isCut: false };
  return { path, bytes, kind: 'text', text, isCut };
}

/** One file of a snapshot against another snapshot's, or against the file as it is now. */
export async function fileDiff(context: EngineContext, from: string, path: string, to: string): Promise<FileDiff> {
  const before = await readVersion(context, from, path);
  const after = to === 'now' ? readNow(context, path) : await readVersion(context, to, path);
  if (before === null && (after === null || to === 'now')) {
    throw new AppError('entry-missing', `The snapshot ${from} holds no file ${path}.`, {});
  }
  const head = { path, from, to, bytesBefore: before?.bytes ?? null, bytesAfter: after?.bytes ?? null };
  const nothing = { ...head, hunks: [], isCut: false };
  if (before?.content === undefined && before !== null) return { ...nothing, state: 'tooLarge' };
  if (after?.content === undefined && after !== null) return { ...nothing, state: 'tooLarge' };
  const contents = [before?.content ?? Buffer.alloc(0), after?.content ?? Buffer.alloc(0)] as const;
  const kind = before === null ? 'added' : after === null ? 'removed' : 'changed';
  if (kind === 'changed' && contents[0].equals(contents[1])) return { ...nothing, state: 'same' };
  const [old, now] = contents.map((content) => decode(content, false));
  if (old === undefined || now === undefined) return { ...nothing, state: 'binary' };
  const hunks = diffLines(old, now);
  return hunks === undefined ? { ...nothing, state: 'tooLarge' } : { ...head, state: kind, ...cutHunks(hunks) };
}

interface Version {
  readonly bytes: number;
  /** Undefined where it is too large to compare. */
  readonly content: Buffer | undefined;
}

/** Null where the snapshot has no such file. */
async function readVersion(context: EngineContext, reference: string, path: string): Promise<Version | null> {
  const { id } = resolveSnapshot(context.backups(), reference).snapshot;
  try {
    const { bytes } = await findEntry(context, id, path);
    if (bytes > diffBytes) return { bytes, content: undefined };
    return { bytes, content: await readStart(await cat(context, id, path), diffBytes) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'entry-missing') return null;
    throw error;
  }
}

/** The file in the root; null where there is none, or no regular one, or where a link leads out of the root. */
function readNow(context: EngineContext, path: string): Version | null {
  const full = join(context.root(), path);
  try {
    if (!isInside(context.root(), realpathSync(dirname(full)))) return null;
    const stats = lstatSync(full, { bigint: true });
    if (!stats.isFile()) return null;
    const bytes = Number(stats.size);
    if (bytes > diffBytes) return { bytes, content: undefined };
    const { fd } = openForReading(full, stats);
    try {
      const buffer = Buffer.alloc(diffBytes);
      let length = 0;
      for (
        let read = readSync(fd, buffer);
        read > 0;
        read = readSync(fd, buffer, length, buffer.length - length, null)
      ) {
        length += read;
      }
      return { bytes: length, content: buffer.subarray(0, length) };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') return null;
    if (systemErrorCode(error) === undefined) throw error;
    throw new AppError('io', `${full} can not be read: ${systemErrorCode(error)}.`, { cause: error });
  }
}

async function readStart(content: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

/** Undefined for what is no UTF-8 text; the last character of a cut one may be half. */
function decode(bytes: Buffer, isCut: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  const most = isCut ? 3 : 0;
  for (let less = 0; less <= most; less += 1) {
    const part = bytes.subarray(0, bytes.length - less);
    if (isUtf8(part)) return part.toString('utf8');
  }
  return undefined;
}

function cutHunks(hunks: FileDiff['hunks']): Pick<FileDiff, 'hunks' | 'isCut'> {
  let lines = 0;
  const shown = hunks.filter((hunk) => {
    lines += hunk.lines.length;
    return lines <= maxHunkLines;
  });
  return { hunks: shown, isCut: shown.length < hunks.length };
}
