import { gzipSync } from 'node:zlib';

/** One entry of a hand-written archive; each field of its header can be a lie. */
export interface ForeignEntry {
  readonly name: string;
  /** Type flag; '0' is a file. */
  readonly type?: string;
  readonly content?: string | Buffer;
  readonly target?: string;
  readonly mode?: number;
  /** Written into the size field as it is, instead of the length of the content. */
  readonly rawSize?: Buffer;
  readonly size?: number;
  /** Bytes that go in front: other headers. */
  readonly before?: readonly Buffer[];
}

export const endOfTar = Buffer.alloc(1024);

/** A gzipped tar of these entries. */
export function foreignArchive(entries: readonly ForeignEntry[], end: Buffer = endOfTar): Buffer {
  return gzipSync(Buffer.concat([...entries.map(encodeEntry), end]));
}

export function encodeEntry(entry: ForeignEntry): Buffer {
  const content = Buffer.from(entry.content ?? '');
  return Buffer.concat([...(entry.before ?? []), encodeHeader(entry, content.length), toBlocks(content)]);
}

/** A PAX header (`x`, or `g` for all that follow) of these records, or of exactly these bytes. */
export function pax(records: Readonly<Record<string, string>> | Buffer, type = 'x'): Buffer {
  const content = Buffer.isBuffer(records)
    ? records
    : Buffer.concat(Object.entries(records).map(([key, value]) => encodeRecord(key, value)));
  return encodeEntry({ name: 'PaxHeader/entry', type, content });
}

/** A GNU header with a long name (`L`) or a long link target (`K`). */
export function gnuLong(name: string, type = 'L'): Buffer {
  return encodeEntry({ name: '././@LongLink', type, content: `${name}\0` });
}

function encodeRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function encodeHeader(
  { name, type = '0', target = '', mode = 0o644, rawSize, size }: ForeignEntry,
  length: number,
): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
  header.write('0000000\x000000000\x00', 108);
  header.write(`${(size ?? length).toString(8).padStart(11, '0')}\0`, 124);
  rawSize?.copy(header, 124, 0, 12);
  header.write('14600000000\0', 136);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write('ustar\x0000', 257);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function toBlocks(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
