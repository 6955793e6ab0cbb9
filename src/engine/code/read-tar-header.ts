import type { IndexEntry } from './code-index.ts';

/** What the header blocks of an entry say. */
export interface ReadHeader {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly size: number;
  readonly mode: number;
  /** Modification time, in whole seconds since 1970. */
  readonly seconds: number;
  /** Empty for files and folders. */
  readonly target: string;
  /** Length of the header blocks, a PAX record included. */
  readonly bytes: number;
}

const blockBytes = 512;
const kinds: Readonly<Record<string, ReadHeader['kind']>> = { '0': 'file', '5': 'folder', '2': 'link' };

/**
 * Reads the header at `offset` of tar bytes that we wrote: ustar, with at most one PAX record before it. Throws an
 * Error that says what is wrong. For archives of others there is node-tar; this one refuses what we never write.
 */
export function readTarHeader(tar: Buffer, offset: number): ReadHeader {
  const first = readBlock(tar, offset);
  if (first.type !== 'x') return toHeader(first, new Map(), blockBytes);
  const recordsAt = offset + blockBytes;
  if (first.size > tar.length - recordsAt) throw new Error('its extended header is cut off');
  const records = parseRecords(tar.subarray(recordsAt, recordsAt + first.size));
  const bytes = 2 * blockBytes + Math.ceil(first.size / blockBytes) * blockBytes;
  return toHeader(readBlock(tar, offset + bytes - blockBytes), records, bytes);
}

/**
 * How a header contradicts the index, or undefined when they say the same. Times aren't compared: the index is newer
 * than the header of a file that was touched while it was compared.
 */
export function contradicts(header: ReadHeader, entry: IndexEntry): string | undefined {
  if (header.path !== entry.path) return 'its header has another name';
  if (header.kind !== entry.kind) return 'its header has another kind';
  if (header.mode !== entry.mode) return 'its header has another mode';
  if (header.size !== entry.size) return 'its header has another size';
  if (header.target !== (entry.target ?? '')) return 'its header has another target';
  if (header.bytes !== entry.dataOffset - entry.headerOffset) return 'its header has another length';
  return undefined;
}

interface Block {
  readonly type: string;
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly seconds: number;
  readonly target: string;
}

function readBlock(tar: Buffer, offset: number): Block {
  const block = tar.subarray(offset, offset + blockBytes);
  if (block.length < blockBytes) throw new Error('its header is cut off');
  if (block.toString('latin1', 257, 262) !== 'ustar') throw new Error('its header is not one of tar');
  if (checksum(block) !== readOctal(block, 148, 8)) throw new Error('the checksum of its header is wrong');
  const prefix = readText(block, 345, 155);
  const name = readText(block, 0, 100);
  return {
    type: String.fromCharCode(block[156] ?? 0),
    path: prefix === '' ? name : `${prefix}/${name}`,
    size: readSize(block, 124, 12),
    mode: readOctal(block, 100, 8),
    seconds: readOctal(block, 136, 12),
    target: readText(block, 157, 100),
  };
}

function toHeader(block: Block, records: ReadonlyMap<string, string>, bytes: number): ReadHeader {
  const kind = kinds[block.type];
  if (kind === undefined) throw new Error('its header has an unexpected kind');
  // A `./` shields names that some tars take for Windows paths.
  const path = (records.get('path') ?? block.path).replace(/^\.\//, '');
  return {
    path: kind === 'folder' ? path.replace(/\/$/, '') : path,
    kind,
    size: toWhole(records.get('size'), /^\d{1,15}$/) ?? block.size,
    mode: block.mode & 0o7777,
    seconds: toWhole(records.get('mtime'), /^-?\d{1,15}$/) ?? block.seconds,
    target: records.get('linkpath') ?? block.target,
    bytes,
  };
}

/** `LENGTH KEY=VALUE\n`, the length in bytes and that of the whole record. */
function parseRecords(data: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let position = 0; position < data.length; ) {
    const space = data.indexOf(0x20, position);
    const length = Number(data.toString('latin1', position, Math.max(space, position)));
    const end = position + length;
    const equals = data.indexOf(0x3d, space);
    if (!Number.isSafeInteger(length) || length < 5 || end > data.length || data[end - 1] !== 0x0a) throw badRecord();
    if (space < 0 || equals < space || equals >= end) throw badRecord();
    records.set(data.toString('utf8', space + 1, equals), data.toString('utf8', equals + 1, end - 1));
    position = end;
  }
  return records;
}

const badRecord = (): Error => new Error('its extended header is malformed');

function toWhole(text: string | undefined, form: RegExp): number | undefined {
  if (text === undefined) return undefined;
  if (!form.test(text)) throw badRecord();
  return Number(text);
}

function readText(block: Buffer, start: number, length: number): string {
  const zero = block.indexOf(0, start);
  return block.toString('utf8', start, zero < 0 || zero > start + length ? start + length : zero);
}

/** Eleven octal digits hold 8 GB; beyond them a size is written as a binary number, marked by its first bit. */
function readSize(block: Buffer, start: number, length: number): number {
  if (block[start] !== 0x80) return readOctal(block, start, length);
  const size = block.subarray(start + 1, start + length).reduce((sum, byte) => sum * 256 + byte, 0);
  if (!Number.isSafeInteger(size)) throw new Error('a number of its header is malformed');
  return size;
}

function readOctal(block: Buffer, start: number, length: number): number {
  const text = readText(block, start, length).trim();
  if (!/^[0-7]+$/.test(text)) throw new Error('a number of its header is malformed');
  return Number.parseInt(text, 8);
}

/** The sum of all bytes, those of the checksum itself taken as spaces. */
function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < 148; i += 1) sum += block[i] ?? 0;
  for (let i = 156; i < blockBytes; i += 1) sum += block[i] ?? 0;
  return sum;
}
