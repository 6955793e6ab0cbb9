import { Parser, type ReadEntry } from 'tar';
import { DamagedEntryError } from './damaged-entry.ts';
import type { ScannedEntry } from './legacy-messages.ts';

/** Takes the bytes of a tar stream piece by piece, and calls back from within `write`. */
export interface ForeignTar {
  write(raw: Buffer): void;
  /** Throws if the stream may not end here. */
  end(): void;
  /** The entry read last, for messages. */
  current(): string;
}

/** What to do with the content of an entry; undefined for nothing. */
export type EntrySink = { readonly write: (data: Buffer) => void; readonly end: () => void } | undefined;

const blockBytes = 512;
/** Longer than any path that a system takes; a name costs memory, and compresses to nothing. */
const maxNameLength = 8192;

/**
 * Reads a tar stream that anyone may have written, with node-tar's strict parser. It is fed header block by header
 * block, so that its queue is always empty, and what comes after the end of the archive is seen. Throws
 * DamagedEntryError, or whatever the parser throws.
 */
export function createForeignTar(onEntry: (entry: ScannedEntry) => EntrySink): ForeignTar {
  const parser = new Parser({ strict: true, zstd: false });
  let rest: Buffer = Buffer.alloc(0);
  let bodyLeft = 0;
  let count = 0;
  let isBegun = false;
  let isEnded = false;
  let current = '';
  let failure: unknown;

  const take = (entry: ReadEntry): void => {
    current = entry.path.slice(0, maxNameLength);
    if (entry.meta) throw new DamagedEntryError(current, 'an extended header is too large');
    if (entry.path.length > maxNameLength) throw new DamagedEntryError(current, 'its name is too long');
    const { path, linkpath, size } = entry.globalExtended ?? {};
    if (path !== undefined || linkpath !== undefined || size !== undefined) {
      throw new DamagedEntryError(current, 'a global header gives every entry the same name or size');
    }
    bodyLeft = entry.startBlockSize;
    const sink = onEntry(toScanned(entry, count));
    count += 1;
    entry.on('data', (data) => sink?.write(data));
    entry.on('end', () => sink?.end());
  };
  parser.on('error', (error: unknown) => {
    failure ??= error;
  });
  parser.on('meta', checkRecords);
  parser.on('entry', take);
  parser.on('ignoredEntry', take);
  parser.on('eof', () => {
    isEnded = true;
  });

  const feed = (piece: Buffer): void => {
    parser.write(piece);
    if (failure !== undefined) throw toDamage(failure, current);
  };

  return {
    current: () => current,
    write: (raw) => {
      const data = rest.length === 0 ? raw : Buffer.concat([rest, raw]);
      if (!isBegun) refuseCompressed(data);
      isBegun ||= data.length >= 2;
      let position = 0;
      while (data.length - position >= blockBytes && !isEnded) {
        const whole = Math.floor((data.length - position) / blockBytes) * blockBytes;
        const length = bodyLeft > 0 ? Math.min(bodyLeft, whole) : blockBytes;
        bodyLeft = Math.max(0, bodyLeft - length);
        feed(data.subarray(position, position + length));
        position += length;
      }
      rest = data.subarray(position);
      if (!isEnded) return;
      if (rest.some((byte) => byte !== 0)) throw new DamagedEntryError('', 'there is more after its end');
      rest = Buffer.alloc(0);
    },
    end: () => {
      if (!isEnded) throw new DamagedEntryError(current, 'the archive is cut off in or after it');
      parser.end();
      if (failure !== undefined) throw toDamage(failure, current);
    },
  };
}

function toScanned(entry: ReadEntry, ordinal: number): ScannedEntry {
  const { path: name, size, mode, mtime, linkpath } = entry;
  const milliseconds = mtime?.getTime() ?? Number.NaN;
  const isFile = kinds[String(entry.type)] === 'file';
  // The parser takes a size that it can't read, or a negative one, for none.
  if (!Number.isSafeInteger(size) || size < 0 || (isFile && entry.header.size === undefined))
    throw new DamagedEntryError(name, 'its size is impossible');
  return {
    ordinal,
    name,
    kind: kinds[String(entry.type)] ?? 'unknown',
    size: entry.startBlockSize === 0 ? 0 : size,
    mode: mode !== undefined && Number.isInteger(mode) && mode >= 0 ? mode & 0o777 : undefined,
    mtimeNs: Number.isFinite(milliseconds) ? BigInt(Math.round(milliseconds)) * 1_000_000n : 0n,
    target: linkpath ?? '',
  };
}

const kinds: Readonly<Record<string, ScannedEntry['kind']>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  GNUDumpDir: 'folder',
  SymbolicLink: 'link',
  Link: 'hard-link',
  CharacterDevice: 'device',
  BlockDevice: 'device',
  FIFO: 'fifo',
};

/**
 * node-tar drops records that it can't read and cuts values at a NUL, and would go on with another name or size than
 * other programs see. `text` is a PAX header, or the name in a GNU header.
 */
function checkRecords(text: string): void {
  for (const [line, length, key, value] of text.matchAll(
    /(?<=^|\n)(\d+) (path|linkpath|size|GNU\.sparse[^=]*)=([^\n]*)/g,
  )) {
    const isWhole = Number(length) === Buffer.byteLength(line) + 1;
    if (key?.startsWith('GNU.sparse')) throw new DamagedEntryError('', 'it holds a sparse file of GNU tar');
    if (!isWhole) throw new DamagedEntryError('', 'an extended header has a malformed record');
    if (value?.includes('\0')) throw new DamagedEntryError('', 'an extended header has a NUL in a name');
    if (key === 'size' && !/^\d{1,15}$/.test(value ?? '')) throw new DamagedEntryError('', 'a size is impossible');
  }
}

/** The parser would inflate what is compressed twice, and nobody would count the bytes. */
function refuseCompressed(data: Buffer): void {
  if (data[0] === 0x1f && data[1] === 0x8b) throw new DamagedEntryError('', 'it is compressed twice');
}

function toDamage(failure: unknown, current: string): DamagedEntryError {
  if (failure instanceof DamagedEntryError) return failure;
  return new DamagedEntryError(current, failure instanceof Error ? failure.message : String(failure));
}
