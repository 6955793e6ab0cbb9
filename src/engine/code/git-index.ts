/**
 * Reads `.git/index` (git's Documentation/gitformat-index): versions 2 to 4, SHA-1 and SHA-256, split indexes. Only
 * paths and kinds are taken; nothing is written.
 */

export interface TrackedPath {
  readonly path: string;
  /** `repository` is a submodule. */
  readonly kind: 'file' | 'repository';
}

export interface IndexOptions {
  /** 20 for SHA-1, 32 for SHA-256. */
  readonly hashBytes: number;
  /** Gives the content of `sharedindex.<hash>`, which a split index builds upon. */
  readonly readShared: (hash: string) => Buffer;
}

/** The paths of an index file. Throws a RangeError when it is cut short or no index. */
export function parseGitIndex(bytes: Buffer, options: IndexOptions): readonly TrackedPath[] {
  if (bytes.toString('latin1', 0, 4) !== 'DIRC') throw new RangeError('no DIRC signature');
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) throw new RangeError(`index version ${version} is not known`);
  const { entries, end } = readEntries(bytes, version, options.hashBytes);
  const link = findExtension(bytes, end, options.hashBytes, 'link');
  const shared = link === undefined ? [] : readShared(link, options);
  return [...shared, ...entries].flatMap(toTracked);
}

interface RawEntry {
  readonly path: string;
  readonly mode: number;
}

function toTracked({ path, mode }: RawEntry): readonly TrackedPath[] {
  // An entry that replaces one of the shared index has no name of its own.
  if (path === '') return [];
  const type = mode >> 12;
  if (type === 0o16) return [{ path, kind: 'repository' }];
  // 0o04 is a folder outside of a sparse checkout: nothing of it is in the work tree.
  return type === 0o10 || type === 0o12 ? [{ path, kind: 'file' }] : [];
}

const statBytes = 40;
const modeOffset = 24;

function readEntries(bytes: Buffer, version: number, hashBytes: number): { entries: readonly RawEntry[]; end: number } {
  const count = bytes.readUInt32BE(8);
  const entries: RawEntry[] = [];
  let previous = Buffer.alloc(0);
  let at = 12;
  for (let entry = 0; entry < count; entry += 1) {
    const mode = bytes.readUInt32BE(at + modeOffset);
    const flags = bytes.readUInt16BE(at + statBytes + hashBytes);
    let nameAt = at + statBytes + hashBytes + 2;
    if ((flags & 0x4000) !== 0) nameAt += 2;
    let name: Buffer;
    if (version === 4) {
      const strip = readVarint(bytes, nameAt);
      const end = findNul(bytes, strip.end);
      name = Buffer.concat([previous.subarray(0, previous.length - strip.value), bytes.subarray(strip.end, end)]);
      at = end + 1;
    } else {
      const end = findNul(bytes, nameAt);
      name = bytes.subarray(nameAt, end);
      at += (end - at + 8) & ~7;
    }
    entries.push({ path: name.toString('utf8'), mode });
    previous = Buffer.from(name);
  }
  return { entries, end: at };
}

function findNul(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0, start);
  if (end === -1) throw new RangeError('a path does not end');
  return end;
}

/** Git's offset encoding: 7 bits a byte, each continuation adds one. */
function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let at = start;
  let byte = bytes.readUInt8(at);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    at += 1;
    byte = bytes.readUInt8(at);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at + 1 };
}

function findExtension(bytes: Buffer, start: number, hashBytes: number, name: string): Buffer | undefined {
  let at = start;
  while (at + 8 <= bytes.length - hashBytes) {
    const size = bytes.readUInt32BE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === name) return bytes.subarray(at + 8, at + 8 + size);
    at += 8 + size;
  }
  return undefined;
}

function readShared(link: Buffer, options: IndexOptions): readonly RawEntry[] {
  const hash = link.toString('hex', 0, options.hashBytes);
  if (/^0*$/.test(hash)) return [];
  const bytes = options.readShared(hash);
  const { entries } = readEntries(bytes, bytes.readUInt32BE(4), options.hashBytes);
  if (link.length <= options.hashBytes) return entries;
  const deleted = readBitmap(link.subarray(options.hashBytes));
  return entries.filter((_, place) => !deleted.has(place));
}

/** The set bits of an EWAH bitmap (gitformat-bitmap, appendix A). */
function readBitmap(bytes: Buffer): ReadonlySet<number> {
  const bits = bytes.readUInt32BE(0);
  const words = bytes.readUInt32BE(4);
  const set = new Set<number>();
  let bit = 0;
  let word = 0;
  while (word < words) {
    const marker = bytes.readBigUInt64BE(8 + word * 8);
    const run = Number((marker >> 1n) & 0xffff_ffffn) * 64;
    const literals = Number(marker >> 33n);
    if ((marker & 1n) === 1n) for (let place = bit; place < Math.min(bit + run, bits); place += 1) set.add(place);
    bit += run;
    for (let literal = 1; literal <= literals; literal += 1) {
      const value = bytes.readBigUInt64BE(8 + (word + literal) * 8);
      for (let place = 0; place < 64; place += 1) if (((value >> BigInt(place)) & 1n) === 1n) set.add(bit + place);
      bit += 64;
    }
    word += 1 + literals;
  }
  return set;
}
