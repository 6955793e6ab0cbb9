import { hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Pack } from '../code/code-index.ts';
import { createScratch, type Scratch } from '../platform/scratch.ts';
import { EntryComparison } from './entry-comparison.ts';
import type { Finding, ReadBackGroup, ReadBackJob, ReadBackResult } from './read-back-job.ts';

/** Larger members don't fit the scratch and get memory of their own. */
const scratchBytes = 2 * 1024 * 1024;
const endOfTarBytes = 1024;

/**
 * Reads packs back and holds them against the index: hash, gzip, tar headers, contents. Shares no code with the writer,
 * which is tar-stream's.
 */
export function readBack({ archiveFile, groups }: ReadBackJob): ReadBackResult {
  const scratch = createScratch(scratchBytes);
  const findings: Finding[] = [];
  const damaged: { group: number; message: string }[] = [];
  const fd = openSync(archiveFile, 'r');
  try {
    for (const [number, group] of groups.entries()) {
      const found = readGroup(fd, group, scratch);
      if (typeof found === 'string') damaged.push({ group: number, message: found });
      else findings.push(...found);
    }
    return { findings, damaged };
  } finally {
    closeSync(fd);
  }
}

/** What is wrong with the entries of a group, or with the group as a whole. */
function readGroup(
  fd: number,
  { packs, entries, proof }: ReadBackGroup,
  scratch: Scratch,
): readonly Finding[] | string {
  const comparison = new EntryComparison(entries);
  for (const pack of packs) {
    scratch.clear();
    const bytes = readPack(fd, pack, scratch);
    if (bytes === undefined) return 'the archive ends in the middle of it';
    if (hash('sha256', bytes, 'hex') !== pack.sha256) return 'a pack that it lies in does not match its hash';
    if (proof === 'hashes') continue;
    const raw = inflate(bytes, pack);
    if (typeof raw === 'string') return `its pack ${raw}`;
    if (proof === 'entries') comparison.write(raw);
    else if (!isEndOfTar(raw)) return 'is not one';
  }
  return comparison.end();
}

/** Two zero blocks end a tar archive. */
function isEndOfTar(raw: Buffer): boolean {
  return raw.length === endOfTarBytes && raw.every((byte) => byte === 0);
}

function readPack(fd: number, pack: Pack, scratch: Scratch): Buffer | undefined {
  const bytes = scratch.allocate(pack.bytes);
  for (let read = 0; read < bytes.length; ) {
    const count = readSync(fd, bytes, read, bytes.length - read, pack.offset + read);
    if (count === 0) return undefined;
    read += count;
  }
  return bytes;
}

/** The pack's tar bytes, or what is wrong with them. Never inflates more than the index names. */
function inflate(bytes: Buffer, { rawBytes }: Pack): Buffer | string {
  try {
    const raw = gunzipSync(bytes, { maxOutputLength: Math.max(1, rawBytes), rejectGarbageAfterEnd: true });
    return raw.length === rawBytes ? raw : `holds ${raw.length} bytes instead of ${rawBytes}`;
  } catch (error) {
    return `can not be unpacked: ${error instanceof Error ? error.message : String(error)}`;
  }
}
