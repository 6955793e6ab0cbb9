import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { type CodeIndex, groupPacks } from '../code/code-index.ts';
import { entryModule } from '../platform/entry-module.ts';
import { hashFile } from '../platform/hash-file.ts';
import { createOrderedQueue, orAborted } from '../platform/ordered-queue.ts';
import { runInThread, type ThreadModule, threadCapacity } from '../platform/worker-pool.ts';
import type { Problem } from './problem.ts';
import type { Finding, ReadBackGroup, ReadBackJob, ReadBackResult } from './read-back-job.ts';

export interface VerifyArchiveOptions {
  readonly archiveFile: string;
  readonly index: CodeIndex;
  /** What the manifest says of the whole file. */
  readonly expected: { readonly bytes: number; readonly sha256: string };
  /** Packs to read back entry by entry; of the others only the hashes are checked. All of them when not given. */
  readonly packs?: readonly number[];
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Raw bytes of tar that one job reads back. */
const jobBytes = 4 * 1024 * 1024;

const verifyWorker: ThreadModule<ReadBackJob, ReadBackResult> = {
  url: entryModule('./verify-worker', import.meta.url),
};

/**
 * Reads an archive back: the whole file's hash, each pack's, and every entry of `packs`, by other code than wrote it,
 * in worker threads. Answers what is wrong, by entry. Throws the reason of `signal` when that aborts.
 */
export async function verifyArchive(options: VerifyArchiveOptions): Promise<Problem[]> {
  const { archiveFile, signal } = options;
  signal.throwIfAborted();
  const file = basename(archiveFile);
  try {
    const [sizes, whole, findings] = await Promise.all([
      checkSize(options),
      orAborted(hashFile(archiveFile, signal), signal),
      readBackAll(options),
    ]);
    const isWhole = whole === options.expected.sha256;
    const all = [...sizes, ...(isWhole ? [] : [{ message: 'its bytes do not match their hash' }]), ...findings];
    return all.map(({ path, message }) => ({ file: path === undefined ? file : `${file}: ${path}`, message }));
  } catch (error) {
    signal.throwIfAborted();
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return [{ file, message: code === 'ENOENT' ? 'is missing' : `can not be read: ${code}` }];
  }
}

async function checkSize({ archiveFile, index, expected }: VerifyArchiveOptions): Promise<Finding[]> {
  const { size } = await stat(archiveFile);
  const packed = index.packs.reduce((sum, { bytes }) => sum + bytes, 0);
  const findings: Finding[] = [];
  if (size !== expected.bytes) findings.push({ message: `has ${size} bytes instead of ${expected.bytes}` });
  if (size > packed) findings.push({ message: `has ${size - packed} bytes after its last pack` });
  if (size < packed) findings.push({ message: `is ${packed - size} bytes shorter than its packs` });
  return findings;
}

async function readBackAll({
  archiveFile,
  index,
  packs,
  signal,
  onProgress,
}: VerifyArchiveOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  const groups = planGroups(index, packs);
  const total = index.packs.reduce((sum, { rawBytes }) => sum + rawBytes, 0);
  const queue = createOrderedQueue(threadCapacity, signal);
  let done = 0;
  for (const part of splitByBytes(groups)) {
    const job = { archiveFile, groups: part.map(toJobGroup) };
    await queue.add(runInThread(verifyWorker, job), async (result) => {
      findings.push(...result.findings);
      for (const { group, message } of result.damaged) findings.push(...nameEntries(part[group], message));
      done += part.reduce((sum, group) => sum + rawBytesOf(group), 0);
      onProgress?.({ phase: 'verify', done, total, unit: 'bytes' });
    });
  }
  await queue.drain();
  return findings;
}

/** Without entries where they need not be compared: there may be 100,000. */
const toJobGroup = (group: ReadBackGroup): ReadBackGroup =>
  group.proof === 'entries' ? group : { ...group, entries: [] };

function nameEntries(group: ReadBackGroup | undefined, message: string): Finding[] {
  if (group === undefined || group.proof === 'end') return [{ message: `the end mark: ${message}` }];
  return group.entries.map(({ path }) => ({ path, message }));
}

/** The groups of the archive and, as one without entries, the pack that ends it. */
function planGroups(index: CodeIndex, packs: readonly number[] | undefined): ReadBackGroup[] {
  const deep = packs === undefined ? undefined : new Set(packs);
  const groups = groupPacks(index).map(({ firstPack, packCount, entries }): ReadBackGroup => {
    const numbers = Array.from({ length: packCount }, (_, i) => firstPack + i);
    const isDeep = deep === undefined || numbers.some((number) => deep.has(number));
    return {
      packs: index.packs.slice(firstPack, firstPack + packCount),
      entries,
      proof: isDeep ? 'entries' : 'hashes',
    };
  });
  return [...groups, { packs: index.packs.slice(-1), entries: [], proof: 'end' }];
}

function splitByBytes(groups: readonly ReadBackGroup[]): ReadBackGroup[][] {
  const parts: ReadBackGroup[][] = [];
  let room = 0;
  for (const group of groups) {
    if (room <= 0) {
      parts.push([]);
      room = jobBytes;
    }
    parts.at(-1)?.push(group);
    room -= rawBytesOf(group);
  }
  return parts;
}

function rawBytesOf({ packs }: ReadBackGroup): number {
  return packs.reduce((sum, { rawBytes }) => sum + rawBytes, 0);
}
