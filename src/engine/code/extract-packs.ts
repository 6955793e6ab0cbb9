import { createHash, type Hash, hash } from 'node:crypto';
import { readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { systemErrorCode } from '../../shared/app-error.ts';
import { writeFully } from '../platform/durable-file.ts';
import type { IndexEntry, Pack } from './code-index.ts';
import { DamagedEntryError } from './damaged-entry.ts';
import type { ExtractJob, ExtractResult } from './extract-job.ts';
import { createNewFiles, type NewFiles } from './new-files.ts';
import { contradicts, readTarHeader } from './read-tar-header.ts';

/** Unpacks the wanted entries of some packs. A file is created only when its pack's hash and its own are right. */
export async function extractPacks(job: ExtractJob): Promise<ExtractResult> {
  const files = createNewFiles(job.target, job.fsync);
  let bytes = 0;
  try {
    const [firstPack] = job.packs;
    if (firstPack === undefined || isStopped(job)) return { kind: 'stopped' };
    const raw = readPack(job, firstPack);
    for (const entry of job.entries) {
      checkHeader(raw, entry);
      if (entry.kind !== 'file') continue;
      if (entry.dataOffset + entry.size <= raw.length) await writeWhole(files, entry, raw);
      else if (!(await writeLarge(job, files, entry, raw))) return { kind: 'stopped' };
      bytes += entry.size;
    }
    await files.finish();
    return { kind: 'extracted', files: files.count(), bytes };
  } catch (error) {
    return describeFailure(error, files.current());
  } finally {
    files.close();
  }
}

function isStopped({ stop }: ExtractJob): boolean {
  return Atomics.load(new Int32Array(stop), 0) !== 0;
}

/** The tar bytes of a pack, its hash checked before it is inflated. */
function readPack(job: ExtractJob, pack: Pack): Buffer {
  const subject = job.entries[0]?.path ?? '';
  const member = Buffer.allocUnsafeSlow(pack.bytes);
  for (let read = 0; read < member.length; ) {
    const count = readSync(job.fd, member, read, member.length - read, pack.offset + read);
    if (count === 0) throw new DamagedEntryError(subject, 'the archive is cut off');
    read += count;
  }
  if (hash('sha256', member, 'hex') !== pack.sha256) {
    throw new DamagedEntryError(subject, 'the bytes of its pack do not match their hash');
  }
  const raw = inflate(member, pack.rawBytes);
  if (raw?.length !== pack.rawBytes) throw new DamagedEntryError(subject, 'its pack does not inflate as it should');
  return raw;
}

function inflate(member: Buffer, rawBytes: number): Buffer | undefined {
  try {
    return gunzipSync(member, { chunkSize: Math.max(rawBytes + 1, 64), maxOutputLength: Math.max(rawBytes, 1) });
  } catch {
    // Whatever zlib dislikes about it, the pack is not what the index says.
    return undefined;
  }
}

function checkHeader(raw: Buffer, entry: IndexEntry): void {
  let reason: string | undefined;
  try {
    reason = contradicts(readTarHeader(raw, entry.headerOffset), entry);
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  if (reason !== undefined) throw new DamagedEntryError(entry.path, reason);
}

async function writeWhole(files: NewFiles, entry: IndexEntry, raw: Buffer): Promise<void> {
  const content = raw.subarray(entry.dataOffset, entry.dataOffset + entry.size);
  checkContent(hash('sha256', content, 'hex'), entry);
  writeFully(files.create(entry.path), content);
  await files.seal(entry);
}

/** Writes a file that runs over several packs. Answers false when it was stopped half-way; then no file is left. */
async function writeLarge(job: ExtractJob, files: NewFiles, entry: IndexEntry, first: Buffer): Promise<boolean> {
  const fd = files.create(entry.path);
  try {
    const content = createHash('sha256');
    let left = writePiece(fd, content, first.subarray(entry.dataOffset), entry.size);
    for (const pack of job.packs.slice(1)) {
      if (isStopped(job)) return removeHalf(job, entry);
      left = writePiece(fd, content, readPack(job, pack), left);
    }
    if (left > 0) throw new DamagedEntryError(entry.path, 'its packs end before its content does');
    checkContent(content.digest('hex'), entry);
  } catch (error) {
    removeHalf(job, entry);
    throw error;
  }
  await files.seal(entry);
  return true;
}

function writePiece(fd: number, content: Hash, raw: Buffer, left: number): number {
  const piece = raw.subarray(0, left);
  content.update(piece);
  writeFully(fd, piece);
  return left - piece.length;
}

function removeHalf(job: ExtractJob, entry: IndexEntry): false {
  rmSync(join(job.target, entry.path), { force: true });
  return false;
}

function checkContent(sha256: string, entry: IndexEntry): void {
  if (sha256 !== entry.sha256) throw new DamagedEntryError(entry.path, 'its content does not match its hash');
}

/** Errors lose their class between threads, so a failure travels as data. */
function describeFailure(error: unknown, current: string): ExtractResult {
  if (error instanceof DamagedEntryError) return { kind: 'damaged', path: error.path, reason: error.message };
  const systemCode = systemErrorCode(error);
  if (systemCode === undefined) throw error;
  return { kind: 'failed', path: current, systemCode, reason: error instanceof Error ? error.message : '' };
}
