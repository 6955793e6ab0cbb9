import type { CodeIndex, IndexEntry, Pack } from './code-index.ts';

/** Turns parsed JSON into an index, or throws an Error that says what is wrong. Believes nothing: it may be hostile. */
export function parseIndex(value: unknown): CodeIndex {
  const file = toRecord(value, 'the whole');
  if (file['format'] !== 1) throw new Error(`its format is ${String(file['format'])}, expected 1`);
  const packs = parsePacks(toRecord(file['packs'], 'packs'));
  const entries = parseEntries(toRecord(file['entries'], 'entries'), packs);
  return { format: 1, startedAtMs: toCount(file['startedAtMs'], 'startedAtMs'), packs, entries };
}

/** What a listing shows of an entry. */
export type ListedEntry = Pick<IndexEntry, 'path' | 'kind' | 'size' | 'mode' | 'target'> & { readonly mtimeMs: number };

/** As parseIndex, of just what a listing shows, which takes half the time. */
export function parseListing(value: unknown): ListedEntry[] {
  const columns = toRecord(toRecord(value, 'the whole')['entries'], 'entries');
  const { paths, kindOf, targetsByOrder } = parseNames(columns);
  const sizes = toCounts(columns['sizes'], paths.length, 'entries.sizes');
  const modes = toCounts(columns['modes'], paths.length, 'entries.modes');
  const mtimes = toDecimals(columns['mtimes'], paths.length, 'entries.mtimes');
  const targets = targetsByOrder.values();
  return paths.map((path, i): ListedEntry => {
    const kind = kindOf(i);
    const mtimeMs = Math.floor(Number(at(mtimes, i)) / 1_000_000);
    const entry = { path, kind, size: at(sizes, i), mode: at(modes, i), mtimeMs };
    return kind === 'link' ? { ...entry, target: targets.next().value ?? '' } : entry;
  });
}

/** No pack that we write comes near this; a reader may hold one in memory. */
const maxPackBytes = 64 * 1024 * 1024;
const maxEntries = 5_000_000;
const kinds = { f: 'file', d: 'folder', l: 'link' } as const;

function parsePacks(columns: Record<string, unknown>): Pack[] {
  const bytes = toCounts(columns['bytes'], undefined, 'packs.bytes');
  const rawBytes = toCounts(columns['rawBytes'], bytes.length, 'packs.rawBytes');
  const sha256 = toHashes(columns['sha256'], bytes.length, 'packs.sha256');
  let offset = 0;
  return bytes.map((size, number) => {
    const pack = { offset, bytes: size, rawBytes: at(rawBytes, number), sha256: at(sha256, number) };
    if (size > maxPackBytes || pack.rawBytes > maxPackBytes) throw new Error(`pack ${number} is too large`);
    offset += size;
    return pack;
  });
}

function parseEntries(columns: Record<string, unknown>, packs: readonly Pack[]): IndexEntry[] {
  const { paths, kindOf, fileCount, targetsByOrder } = parseNames(columns);
  const count = paths.length;
  const column = {
    sizes: toCounts(columns['sizes'], count, 'entries.sizes'),
    modes: toCounts(columns['modes'], count, 'entries.modes'),
    packs: toCounts(columns['packs'], count, 'entries.packs'),
    headerOffsets: toCounts(columns['headerOffsets'], count, 'entries.headerOffsets'),
    dataOffsets: toCounts(columns['dataOffsets'], count, 'entries.dataOffsets'),
    mtimes: toBigInts(columns['mtimes'], count, 'entries.mtimes'),
    ctimes: toBigInts(columns['ctimes'], count, 'entries.ctimes'),
    inodes: toBigInts(columns['inodes'], count, 'entries.inodes'),
  };
  const hashes = toHashes(columns['sha256'], fileCount, 'entries.sha256').values();
  const targets = targetsByOrder.values();
  const entries = paths.map((path, i): IndexEntry => {
    const kind = kindOf(i);
    const entry = {
      path,
      kind,
      size: at(column.sizes, i),
      mode: at(column.modes, i),
      mtimeNs: at(column.mtimes, i),
      ctimeNs: at(column.ctimes, i),
      ino: at(column.inodes, i),
      pack: at(column.packs, i),
      headerOffset: at(column.headerOffsets, i),
      dataOffset: at(column.dataOffsets, i),
      sha256: kind === 'file' ? (hashes.next().value ?? '') : '',
    };
    return kind === 'link' ? { ...entry, target: targets.next().value ?? '' } : entry;
  });
  for (const entry of entries) checkKind(entry);
  checkPlaces(entries, packs);
  return entries;
}

/** The columns that say what there is; the targets of links come one after the other. */
function parseNames(columns: Record<string, unknown>) {
  const paths = toStrings(columns['paths'], undefined, 'entries.paths');
  const letters = toText(columns['kinds'], 'entries.kinds');
  if (letters.length !== paths.length || /[^fdl]/.test(letters)) throw new Error('entries.kinds does not fit');
  const linkCount = letters.replaceAll(/[^l]/g, '').length;
  checkPaths(paths);
  return {
    paths,
    kindOf: (i: number) => kinds[letters[i] === 'f' ? 'f' : letters[i] === 'd' ? 'd' : 'l'],
    fileCount: letters.replaceAll(/[^f]/g, '').length,
    targetsByOrder: toStrings(columns['targets'], linkCount, 'entries.targets'),
  };
}

/** Relative, with no way out of the folder it is unpacked into, and each only once. */
function checkPaths(paths: readonly string[]): void {
  if (paths.length === 0) return;
  // All at once, which takes a tenth of the time: a name between separators that is empty, '.' or '..'.
  const all = `\0${paths.join('\0')}\0`;
  if (/[\0/]\.{0,2}[\0/]/.test(all)) throw new Error('a path leads out of the folder');
  if (all.split('\0').length !== paths.length + 2) throw new Error('a path holds a NUL');
  if (new Set(paths).size !== paths.length) throw new Error('a path occurs twice');
}

function checkKind({ kind, size, mode, target }: IndexEntry): void {
  if (mode > 0o7777 || (kind !== 'file' && size !== 0)) throw new Error('an entry has an impossible mode or size');
  if (target !== undefined && (target === '' || target.includes('\0'))) throw new Error('a link has no valid target');
}

/** Entries follow one another without overlap, each inside the packs up to where the next group begins. */
function checkPlaces(entries: readonly IndexEntry[], packs: readonly Pack[]): void {
  const starts = [0];
  for (const { rawBytes } of packs) starts.push(at(starts, starts.length - 1) + rawBytes);
  let position = 0;
  let firstPack = -1;
  for (const { pack, headerOffset, dataOffset, size } of entries) {
    if (pack >= packs.length - 1) throw new Error('an entry lies in no pack');
    const header = at(starts, pack) + headerOffset;
    const isFirst = pack !== firstPack;
    if (header !== position || (isFirst && headerOffset !== 0)) throw new Error('entries do not follow one another');
    if (headerOffset >= at(packs, pack).rawBytes) throw new Error('an entry begins behind its pack');
    if (dataOffset < headerOffset + 512 || dataOffset % 512 !== 0) throw new Error('an entry overlaps its header');
    position = at(starts, pack) + dataOffset + Math.ceil(size / 512) * 512;
    firstPack = pack;
  }
  if (packs.length === 0) throw new Error('there is no pack');
  if (position !== at(starts, packs.length - 1)) throw new Error('the entries do not fill the packs');
}

function toRecord(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} is no object`);
  return { ...value };
}

function toText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Error(`${name} is no text`);
  return value;
}

function toCount(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Error(`${name} is no count`);
  return value;
}

function toArray(value: unknown, length: number | undefined, name: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > maxEntries) throw new Error(`${name} is no list`);
  if (length !== undefined && value.length !== length) throw new Error(`${name} has the wrong length`);
  return value;
}

function toCounts(value: unknown, length: number | undefined, name: string): readonly number[] {
  const items = toArray(value, length, name);
  if (!areCounts(items)) throw new Error(`${name} holds what is no count`);
  return items;
}

function areCounts(items: readonly unknown[]): items is readonly number[] {
  return items.every((item) => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0);
}

function toStrings(value: unknown, length: number | undefined, name: string): readonly string[] {
  const items = toArray(value, length, name);
  if (!areStrings(items)) throw new Error(`${name} holds what is no text`);
  return items;
}

function areStrings(items: readonly unknown[]): items is readonly string[] {
  return items.every((item) => typeof item === 'string');
}

function toBigInts(value: unknown, length: number, name: string): bigint[] {
  return toDecimals(value, length, name).map(BigInt);
}

/** Whole numbers of up to 20 characters; times before 1970 are negative. */
function toDecimals(value: unknown, length: number, name: string): string[] {
  const text = toText(value, name);
  const items = text === '' ? [] : text.split(' ');
  const isDecimal = !/[^\d -]|-(?!\d)|\d-/.test(text);
  if (items.length !== length || !isDecimal || items.some((item) => item === '' || item.length > 20)) {
    throw new Error(`${name} does not fit`);
  }
  return items;
}

function toHashes(value: unknown, length: number, name: string): string[] {
  const text = toText(value, name);
  // Decoded and encoded again, which takes a fifth of the time of looking at each digit.
  const isHex = Buffer.from(text, 'hex').toString('hex') === text;
  if (text.length !== length * 64 || !isHex) throw new Error(`${name} does not fit`);
  const hashes: string[] = [];
  for (let i = 0; i < length; i += 1) hashes.push(text.slice(i * 64, i * 64 + 64));
  return hashes;
}

/** An element whose position was checked before. */
function at<T>(list: readonly T[], position: number): T {
  const value = list[position];
  if (value === undefined) throw new Error(`there is no element ${position}`);
  return value;
}
