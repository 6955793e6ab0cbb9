import type { CodeEntry } from './code-entry.ts';

/** Most raw bytes of tar in one pack. */
export const packLimitBytes = 1024 * 1024;
/** A pack weighs at least so much, and then on average as much again until a cut: about 256 KB with larger files. */
const packMinimumWeight = 96 * 1024;
const cutAverageWeight = 96 * 1024;
/** What an entry weighs besides its bytes: to read and archive it again takes as long as to compress so many. */
const entryWeight = 4 * 1024;
const blockBytes = 512;

/** A run of entries that is compressed as one gzip member; a `large` one holds one file and becomes several members. */
export interface PlannedPack {
  readonly kind: 'small' | 'large';
  readonly entries: readonly CodeEntry[];
}

/**
 * Cuts the tar stream into packs. From a weight of 96 KB on, a cut depends on the entry before it alone (a hash of its
 * path, weighed by its size), or comes before 1 MB is exceeded: a change moves few cuts. The minimum keeps packs alike in
 * size: without it a changed file lies, on average, in a pack of twice the average. Of 8,900 sources, 113 MB in 457 packs,
 * 9 % of the bytes and 28 % of the files are archived again when 1 % of the files have changed; with packs of twice the
 * size and no weight for entries, 15 % and half of the files.
 */
export function planPacks(entries: readonly CodeEntry[]): PlannedPack[] {
  const packs: PlannedPack[] = [];
  let current: CodeEntry[] = [];
  let rawBytes = 0;
  let weight = 0;
  const cut = (): void => {
    if (current.length > 0) packs.push({ kind: 'small', entries: current });
    current = [];
    rawBytes = 0;
    weight = 0;
  };
  for (const entry of entries) {
    const entryBytes = tarBytes(entry);
    if (rawBytes + entryBytes > packLimitBytes) cut();
    if (entryBytes > packLimitBytes) {
      packs.push({ kind: 'large', entries: [entry] });
      continue;
    }
    current.push(entry);
    rawBytes += entryBytes;
    const own = entryBytes + entryWeight;
    weight += own;
    if (weight >= packMinimumWeight && hash32(entry.path) / 2 ** 32 < own / cutAverageWeight) cut();
  }
  cut();
  return packs;
}

/** Most bytes that an entry takes in the tar stream: header, PAX header where one may be needed, padded content. */
export function tarBytes(entry: CodeEntry): number {
  return headerBytes(entry) + toBlocks(entry.size);
}

/** Rounds a length up to whole tar blocks. */
export function toBlocks(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}

function headerBytes(entry: CodeEntry): number {
  const names = Buffer.byteLength(entry.path) + Buffer.byteLength(entry.target ?? '');
  const isShort = names < 100 && names === entry.path.length + (entry.target ?? '').length;
  return isShort ? blockBytes : 2 * blockBytes + toBlocks(names + 128);
}

/** FNV-1a with the finalizer of MurmurHash3: spreads paths that differ in a few characters over all 32 bits. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
