import { hash } from 'node:crypto';
import type { Skipped, Warning } from '../../shared/model.ts';
import type { CodeEntry } from './code-entry.ts';
import { compressPack } from './compress-pack.ts';
import { changedWhileRead } from './open-source.ts';
import type { PackedEntry, PackJob, PackJobEntry, PackResult, SourceStats } from './pack-job.ts';
import { toBlocks } from './plan-packs.ts';
import { type ReadSource, readSource } from './read-source.ts';
import { buildTar, measureHeader, type TarItem } from './tar-entry.ts';
import { tarSeconds } from './tar-time.ts';

/** Where the bytes of files and of the tar go; a worker reuses one buffer for all packs. */
type Allocate = (size: number) => Buffer;

interface ReadEntry {
  readonly item: TarItem;
  readonly stats: SourceStats;
  readonly sha256: string;
}

interface Notes {
  readonly skipped: Skipped[];
  readonly warnings: Warning[];
}

/** Reads, archives and compresses the entries of one pack, or finds that the stored pack says the same. */
export async function makePack(job: PackJob, allocate: Allocate = Buffer.allocUnsafeSlow): Promise<PackResult> {
  const remarks: Notes = { skipped: [], warnings: [] };
  const read = new Map<string, ReadEntry | null>();
  const isWanted = ({ stored }: PackJobEntry): boolean => !job.mayBeEqual || stored === undefined || stored.mustRead;
  for (const { entry } of job.entries.filter(isWanted))
    read.set(entry.path, readEntry(job.root, entry, allocate, remarks));

  if (job.mayBeEqual && job.entries.every((candidate) => isAsStored(candidate, read.get(candidate.entry.path)))) {
    return { kind: 'equal', stats: statsOf(read), remarks };
  }
  const entries: ReadEntry[] = [];
  for (const { entry } of job.entries) {
    const source =
      read.get(entry.path) ?? (read.has(entry.path) ? null : readEntry(job.root, entry, allocate, remarks));
    if (source !== null) entries.push(source);
  }
  return entries.length === 0 ? { kind: 'empty', remarks } : archive(entries, allocate, remarks);
}

function readEntry(root: string, entry: CodeEntry, allocate: Allocate, remarks: Notes): ReadEntry | null {
  const { path, kind, target, mode, mtimeNs, ctimeNs, ino } = entry;
  if (kind !== 'file') {
    const item: TarItem = { path, kind, size: 0, mode, mtimeNs, target, content: Buffer.alloc(0) };
    return { item, stats: { size: 0, mode, mtimeNs, ctimeNs, ino }, sha256: '' };
  }
  const source: ReadSource = readSource(root, entry, allocate);
  if (source.kind === 'skipped') {
    remarks.skipped.push(source.skipped);
    return null;
  }
  if (source.isChanged) remarks.warnings.push(changedWhileRead(path));
  const item: TarItem = { ...source.stats, path, kind, content: source.content };
  return { item, stats: source.stats, sha256: hash('sha256', source.content, 'hex') };
}

/** `read` is undefined for what needn't be read and null for what can't be: a file that never was stored may stay so. */
function isAsStored({ entry, stored }: PackJobEntry, read: ReadEntry | null | undefined): boolean {
  if (stored === undefined) return read === null;
  if (read === undefined) return true;
  if (read === null) return false;
  const { size, mode, mtimeNs } = read.stats;
  const isSameHeader = size === entry.size && mode === entry.mode && tarSeconds(mtimeNs) === tarSeconds(entry.mtimeNs);
  return isSameHeader && read.sha256 === stored.sha256;
}

function statsOf(read: ReadonlyMap<string, ReadEntry | null>): Map<string, SourceStats> {
  const stats = new Map<string, SourceStats>();
  for (const [path, source] of read) if (source !== null) stats.set(path, source.stats);
  return stats;
}

async function archive(entries: readonly ReadEntry[], allocate: Allocate, remarks: Notes): Promise<PackResult> {
  const raw = await buildTar(
    entries.map(({ item }) => item),
    allocate,
  );
  const packed: PackedEntry[] = [];
  let offset = 0;
  for (const { item, stats, sha256 } of entries) {
    const { path, kind, target } = item;
    const dataOffset = offset + measureHeader(raw, offset);
    const place = { headerOffset: offset, dataOffset, sha256 };
    packed.push({ path, kind, ...stats, ...place, ...(target === undefined ? {} : { target }) });
    offset = dataOffset + toBlocks(stats.size);
  }
  if (offset !== raw.length) throw new Error(`A pack came out as ${raw.length} bytes of tar instead of ${offset}.`);
  return { kind: 'packed', member: compressPack(raw), entries: packed, remarks };
}
