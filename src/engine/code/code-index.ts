import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AppError } from '../../shared/app-error.ts';
import { writeNewFile } from '../platform/durable-file.ts';
import { type ListedEntry, parseIndex, parseListing } from './parse-index.ts';

/**
 * `code-index.json.gz`: what lies where in the code archive. Format 1 is gzipped JSON in columns, one value per entry,
 * because that is several times smaller and quicker to read than objects (one gzip member per column):
 *
 *     format, startedAtMs
 *     packs:   { bytes: [n…], rawBytes: [n…], sha256: "hex, 64 characters each" }      in file order, without a gap
 *     entries: { paths: [s…], kinds: "one of f d l each", sizes: [n…], modes: [n…], packs: [n…],
 *                headerOffsets: [n…], dataOffsets: [n…], mtimes, ctimes, inodes: "decimal numbers, one space between",
 *                sha256: "hex, 64 characters for each f", targets: [s for each l…] }    in archive order
 *
 * The last pack is the 1,024 zero bytes that end a tar archive; no entry lies in it. See docs/snapshot-format.md.
 */

/** One gzip member of the archive. */
export interface Pack {
  /** Where the member begins in the archive file. */
  readonly offset: number;
  readonly bytes: number;
  /** Bytes of tar that it holds. */
  readonly rawBytes: number;
  /** sha256 of the compressed member, in hex. */
  readonly sha256: string;
}

/** One entry of the archive, with what is needed to see that its source has not changed. */
export interface IndexEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Bytes of content as stored in the archive. */
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  /** Number of the pack in which the entry's tar header begins, and where in that pack's raw bytes. */
  readonly pack: number;
  readonly headerOffset: number;
  /** Where the content begins, in raw bytes from the start of `pack`; it may run on into the following packs. */
  readonly dataOffset: number;
  /** sha256 of the content, in hex; empty for folders and links. */
  readonly sha256: string;
  readonly target?: string;
}

export interface CodeIndex {
  readonly format: 1;
  /** When the archive was begun, in milliseconds: files modified later than 2 s before it are read again. */
  readonly startedAtMs: number;
  readonly packs: readonly Pack[];
  readonly entries: readonly IndexEntry[];
}

const maxFileBytes = 256 * 1024 * 1024;
const maxTextBytes = 512 * 1024 * 1024 - 1024;

/** Writes a new index file, 0600, flushed. Answers what must be read back. */
export function writeIndex(file: string, index: CodeIndex): { readonly bytes: number; readonly sha256: string } {
  const members: Buffer[] = [];
  for (const text of serialize(index)) members.push(gzipSync(text, { level: 4 }));
  const data = Buffer.concat(members);
  writeNewFile(file, data);
  return { bytes: data.length, sha256: hash('sha256', data) };
}

/** Reads an index and checks all of it; anything that could not be ours is `snapshot-damaged`. */
export function readIndex(file: string): CodeIndex {
  return readParsed(file, parseIndex);
}

/** Reads of an index what a listing shows. */
export function readListing(file: string): readonly ListedEntry[] {
  return readParsed(file, parseListing);
}

function readParsed<T>(file: string, parse: (value: unknown) => T): T {
  const data = readBounded(file);
  try {
    return parse(JSON.parse(gunzipSync(data, { maxOutputLength: maxTextBytes }).toString()));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('snapshot-damaged', `The index ${file} is damaged: ${reason}.`, {
      hint: 'The archive beside it can still be unpacked with tar -xzf. Use another snapshot, or verify this one.',
      cause,
    });
  }
}

/** Packs that belong together: they hold the same whole entries (several packs only for a large file). */
export interface PackGroup {
  readonly firstPack: number;
  readonly packCount: number;
  readonly entries: readonly IndexEntry[];
}

/** The groups of an archive in order, without the pack that ends it. */
export function groupPacks(index: CodeIndex): PackGroup[] {
  const groups: { firstPack: number; entries: IndexEntry[] }[] = [];
  for (const entry of index.entries) {
    const group = groups.at(-1);
    if (group?.firstPack === entry.pack) group.entries.push(entry);
    else groups.push({ firstPack: entry.pack, entries: [entry] });
  }
  return groups.map((group, position) => {
    const end = groups[position + 1]?.firstPack ?? index.packs.length - 1;
    return { ...group, packCount: end - group.firstPack };
  });
}

function readBounded(file: string): Buffer {
  const { size } = statSync(file);
  if (size > maxFileBytes) throw new AppError('snapshot-damaged', `The index ${file} is too large: ${size} bytes.`);
  return readFileSync(file);
}

/** The JSON text, column by column, so that no more than one of them is in memory beside the index. */
function* serialize({ startedAtMs, packs, entries }: CodeIndex): Generator<string> {
  const packColumns = {
    bytes: packs.map(({ bytes }) => bytes),
    rawBytes: packs.map(({ rawBytes }) => rawBytes),
    sha256: packs.map(({ sha256 }) => sha256).join(''),
  };
  yield `{"format":1,"startedAtMs":${startedAtMs},"packs":${JSON.stringify(packColumns)},"entries":{`;
  yield `"paths":${JSON.stringify(entries.map(({ path }) => path))}`;
  yield `,"kinds":"${entries.map(({ kind }) => kindLetters[kind]).join('')}"`;
  yield `,"sizes":[${entries.map(({ size }) => size).join()}]`;
  yield `,"modes":[${entries.map(({ mode }) => mode).join()}]`;
  yield `,"packs":[${entries.map(({ pack }) => pack).join()}]`;
  yield `,"headerOffsets":[${entries.map(({ headerOffset }) => headerOffset).join()}]`;
  yield `,"dataOffsets":[${entries.map(({ dataOffset }) => dataOffset).join()}]`;
  yield `,"mtimes":"${entries.map(({ mtimeNs }) => mtimeNs).join(' ')}"`;
  yield `,"ctimes":"${entries.map(({ ctimeNs }) => ctimeNs).join(' ')}"`;
  yield `,"inodes":"${entries.map(({ ino }) => ino).join(' ')}"`;
  yield `,"sha256":"${entries.map(({ sha256 }) => sha256).join('')}"`;
  const targets = entries.flatMap(({ kind, target }) => (kind === 'link' ? [target ?? ''] : []));
  yield `,"targets":${JSON.stringify(targets)}}}`;
}

const kindLetters = { file: 'f', folder: 'd', link: 'l' } as const;
