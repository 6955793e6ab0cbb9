import type { Skipped, Warning } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { isOpenThroughSqlite } from '../platform/open-file.ts';
import { createOrderedQueue, type OrderedQueue } from '../platform/ordered-queue.ts';
import { threadCapacity } from '../platform/worker-pool.ts';
import { ArchiveAssembly, type PackCopy } from './archive-assembly.ts';
import type { CodeEntry } from './code-entry.ts';
import type { CodeIndex, IndexEntry, PackGroup } from './code-index.ts';
import { hashLargeFile, readLargeFile } from './large-file.ts';
import { changedWhileRead } from './open-source.ts';
import type { PackResult, SourceStats } from './pack-job.ts';
import { compressInThread, makePackInThread } from './pack-pool.ts';
import { type PlannedPack, planPacks, tarBytes } from './plan-packs.ts';
import { createPackDecider, hasSameStats, type PackDecision } from './reuse-packs.ts';

export interface WriteArchiveOptions {
  readonly root: string;
  /** In archive order: by path, a folder before what is in it. */
  readonly entries: readonly CodeEntry[];
  /** A new file. */
  readonly archiveFile: string;
  /** The newest good archive, to copy unchanged packs from. */
  readonly previous?: { readonly archiveFile: string; readonly index: CodeIndex };
  /** Read every file, however unchanged it looks. */
  readonly rereadAll: boolean;
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
}

export type ArchiveResult =
  /** Nothing changed and nothing was written: link the previous archive and index, after checking their hashes. */
  | { readonly kind: 'linkable'; readonly skipped: readonly Skipped[]; readonly warnings: readonly Warning[] }
  | {
      readonly kind: 'written';
      readonly index: CodeIndex;
      readonly bytes: number;
      readonly sha256: string;
      readonly rawBytes: number;
      /** Regular files and links. */
      readonly files: number;
      readonly packs: { readonly total: number; readonly reused: number };
      /** Numbers of the packs that were not copied from the previous archive. */
      readonly newPacks: readonly number[];
      readonly skipped: readonly Skipped[];
      readonly warnings: readonly Warning[];
    };

/**
 * Writes the code archive and flushes it, or finds that nothing changed. Whatever goes wrong, and when `signal` aborts
 * (its reason is thrown), no file is left.
 */
export async function writeArchive(options: WriteArchiveOptions): Promise<ArchiveResult> {
  const { archiveFile, previous, startedAtMs, signal } = options;
  signal.throwIfAborted();
  const assembly = new ArchiveAssembly({ archiveFile, previous, startedAtMs, signal });
  try {
    await assemble(options, assembly);
    if (!assembly.isUnchanged()) return describe(await assembly.finish(), assembly);
    await assembly.discard();
    return { kind: 'linkable', skipped: assembly.skipped, warnings: assembly.warnings };
  } catch (error) {
    await assembly.discard();
    throw error;
  }
}

async function assemble(options: WriteArchiveOptions, assembly: ArchiveAssembly): Promise<void> {
  const { root, previous, rereadAll, signal, onProgress } = options;
  const entries = options.entries.filter((entry) => isAllowed(entry, assembly));
  const total = entries.reduce((sum, entry) => sum + tarBytes(entry), 0);
  const decide = createPackDecider(previous?.index, rereadAll);
  const queue = createOrderedQueue(threadCapacity, signal);
  let done = 0;
  for (const pack of planPacks(entries)) {
    const decision = decide(pack);
    const context: Context = { root, signal, queue, assembly, mayLink: previous !== undefined };
    if (pack.kind === 'large') await addLargeFile(context, decision);
    else await addSmallPack(context, decision);
    queue.addStep(async () => {
      done += pack.entries.reduce((sum, entry) => sum + tarBytes(entry), 0);
      onProgress?.({ phase: 'code', done, total, unit: 'bytes', subject: pack.entries.at(-1)?.path ?? '' });
    });
  }
  await queue.drain();
}

interface Context {
  readonly root: string;
  readonly signal: AbortSignal;
  readonly queue: OrderedQueue;
  /** False when there is no earlier archive. */
  readonly mayLink: boolean;
  readonly assembly: ArchiveAssembly;
}

/** Closing a file that this process has open through SQLite, in any thread, would drop SQLite's locks. */
function isAllowed(entry: CodeEntry, assembly: ArchiveAssembly): boolean {
  if (entry.kind !== 'file' || !isOpenThroughSqlite(entry)) return true;
  assembly.skipped.push({ path: entry.path, reason: 'replaced', detail: 'open as a database' });
  return false;
}

async function addSmallPack({ root, queue, assembly }: Context, decision: PackDecision): Promise<void> {
  const { entries } = decision.pack;
  const fresh = { kind: 'pack', root, entries: entries.map((entry) => ({ entry })), mayBeEqual: false } as const;
  const rebuild = async (): Promise<void> => use(await makePackInThread(fresh));
  const use = async (result: PackResult): Promise<void> => {
    assembly.note(result.remarks);
    if (result.kind === 'packed') await assembly.append(result.member, result.entries);
    if (result.kind === 'equal' && decision.kind === 'check') {
      await assembly.copy(planCopy(decision.pack, decision.group, result.stats, rebuild));
    }
  };
  if (decision.kind === 'reuse') {
    queue.addStep(() => assembly.copy(planCopy(decision.pack, decision.group, new Map(), rebuild)));
  } else if (decision.kind === 'check') {
    await queue.add(makePackInThread({ kind: 'pack', root, entries: decision.job, mayBeEqual: true }), use);
  } else {
    await queue.add(makePackInThread(fresh), use);
  }
}

/** What the index says of copied entries: their old places, and what was seen of their sources this time. */
function planCopy(
  pack: PlannedPack,
  group: PackGroup,
  read: ReadonlyMap<string, SourceStats>,
  rebuild: () => Promise<void>,
): PackCopy {
  const found = new Map(pack.entries.map((entry) => [entry.path, entry]));
  let isRestated = false;
  const entries = group.entries.map((stored): IndexEntry => {
    const source = found.get(stored.path);
    const now = read.get(stored.path) ?? source;
    if (source === undefined || now === undefined || hasSameStats({ ...now, kind: source.kind }, stored)) return stored;
    isRestated = true;
    const { mtimeNs, ctimeNs, ino } = now;
    return { ...stored, mtimeNs, ctimeNs, ino };
  });
  return { group, entries, isRestated, rebuild };
}

async function addLargeFile(context: Context, decision: PackDecision): Promise<void> {
  const { root, signal, queue, assembly } = context;
  const [file] = decision.pack.entries;
  if (file === undefined) return;
  const rebuild = async (): Promise<void> => {
    const inner = createOrderedQueue(threadCapacity, signal);
    await writeLargeFile({ ...context, queue: inner }, file);
    await inner.drain();
  };
  if (decision.kind === 'reuse') {
    queue.addStep(() => assembly.copy(planCopy(decision.pack, decision.group, new Map(), rebuild)));
    return;
  }
  if (decision.kind === 'check') {
    const hashed = await hashLargeFile(root, file, signal);
    const [stored] = decision.group.entries;
    if ('sha256' in hashed && hashed.sha256 === stored?.sha256 && hashed.stats.size === stored.size) {
      const read = new Map([[file.path, hashed.stats]]);
      queue.addStep(() => assembly.copy(planCopy(decision.pack, decision.group, read, rebuild)));
      return;
    }
  }
  // A file that can't be read to its end must not turn a linkable archive into one to write.
  const isNew = decision.kind === 'write' && !decision.wasStored && context.mayLink;
  const probe = isNew ? await hashLargeFile(root, file, signal) : undefined;
  if (probe !== undefined && 'skipped' in probe) assembly.note({ skipped: [probe.skipped], warnings: [] });
  else await writeLargeFile(context, file);
}

/** Reads on the main thread, compresses the pieces in the workers. */
async function writeLargeFile({ root, signal, queue, assembly }: Context, file: CodeEntry): Promise<void> {
  let mark: Awaited<ReturnType<ArchiveAssembly['mark']>> | undefined;
  const result = await readLargeFile(root, file, signal, async (raw) => {
    await queue.add(compressInThread(raw), async (member) => {
      mark ??= await assembly.mark();
      await assembly.append(member, []);
    });
  });
  queue.addStep(async () => {
    if (result.kind === 'read') mark?.keep(result.entry);
    else await mark?.takeBack();
    assembly.note({
      skipped: result.kind === 'skipped' ? [result.skipped] : [],
      warnings: result.kind === 'read' && result.isChanged ? [changedWhileRead(file.path)] : [],
    });
  });
}

function describe(archive: Awaited<ReturnType<ArchiveAssembly['finish']>>, remarks: ArchiveAssembly): ArchiveResult {
  const { index, bytes, sha256, newPacks } = archive;
  const total = index.packs.length;
  return {
    kind: 'written',
    index,
    bytes,
    sha256,
    rawBytes: index.packs.reduce((sum, pack) => sum + pack.rawBytes, 0),
    files: index.entries.filter(({ kind }) => kind !== 'folder').length,
    packs: { total, reused: total - newPacks.length },
    newPacks,
    skipped: remarks.skipped,
    warnings: remarks.warnings,
  };
}
