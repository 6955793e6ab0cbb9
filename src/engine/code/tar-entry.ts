import { once } from 'node:events';
import { TarArchive } from 'archiver';
import { type Header, type Pack, pack } from 'tar-stream';
import { toBlocks } from './plan-packs.ts';
import { tarSeconds } from './tar-time.ts';

/** What the tar header of an entry says. */
export interface TarHeader {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly target?: string | undefined;
}

export interface TarItem extends TarHeader {
  /** Exactly `size` bytes; empty for folders and links. */
  readonly content: Buffer;
}

const endOfTarBytes = 1024;
const typeFlagOffset = 156;
const paxTypeFlag = 'x'.charCodeAt(0);
/** Ustar holds 11 octal digits; tar-stream cuts a time to 31 bits. */
const maxHeaderSize = 8 * 1024 ** 3 - 1;
const maxHeaderSeconds = 2 ** 31 - 1;
/** Any bit above the permissions: tar-stream takes a mode of 0 for "not given". */
const modeGiven = 0o10000;

/** The tar bytes of these entries, without the zeros that end an archive. */
export async function buildTar(items: readonly TarItem[], allocate: (size: number) => Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let run: TarItem[] = [];
  for (const [position, item] of items.entries()) {
    run.push(item);
    const next = items[position + 1];
    if (next !== undefined && survivesArchiver(next) === survivesArchiver(item)) continue;
    chunks.push(...(await (survivesArchiver(item) ? buildWithArchiver(run) : buildDirectly(run))));
    run = [];
  }
  const tar = allocate(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) offset += chunk.copy(tar, offset);
  return tar;
}

/** The header blocks of a file whose content is written separately, in pieces. */
export async function buildTarHeader(header: TarHeader): Promise<Buffer> {
  const stream = pack();
  stream.entry(toHeaders(header), () => undefined);
  await once(stream, 'readable');
  const blocks = readAll(stream);
  stream.destroy();
  return blocks;
}

/** Bytes of the header blocks, PAX record included, of the entry that begins at `offset`. */
export function measureHeader(tar: Buffer, offset: number): number {
  if (tar[offset + typeFlagOffset] !== paxTypeFlag) return 512;
  const recordBytes = Number.parseInt(tar.toString('latin1', offset + 124, offset + 136), 8);
  return 512 + toBlocks(recordBytes) + 512;
}

/**
 * Whether archiver 8 writes this entry as it is. It rewrites names (lib/utils.js, sanitizePath: backslashes, `c:`,
 * leading `../`), dates links "now", and, like tar-stream, takes mode 0 for missing and cuts times to 31 bits.
 */
function survivesArchiver(item: TarHeader): boolean {
  if (item.kind === 'link' || item.mode === 0 || paxRecords(item) !== undefined) return false;
  return !/\\|^\w+:|^\.\.\/|^\/|\/\//.test(item.path);
}

/** Records that tar-stream doesn't write by itself (it does for long and non-ASCII names); undefined for none. */
function paxRecords(item: TarHeader): Record<string, string> | undefined {
  const seconds = tarSeconds(item.mtimeNs);
  const records: Record<string, string> = {};
  if (seconds < 0 || seconds > maxHeaderSeconds) records['mtime'] = String(seconds);
  if (item.size > maxHeaderSize) records['size'] = String(item.size);
  // Splitting a long folder name at its last '/' would leave an empty name in the header.
  const isLongFolder = item.kind === 'folder' && Buffer.byteLength(item.path) >= 100;
  return isLongFolder || Object.keys(records).length > 0 ? records : undefined;
}

async function buildWithArchiver(items: readonly TarItem[]): Promise<Buffer[]> {
  const archive = new TarArchive({ highWaterMark: 2 ** 24 });
  for (const item of items) {
    archive.append(item.content, {
      name: item.path,
      type: item.kind === 'folder' ? 'directory' : 'file',
      mode: item.mode,
      date: new Date(tarSeconds(item.mtimeNs) * 1000),
    });
  }
  // Its events and not its async iterator, which takes half as long again.
  const chunks: Buffer[] = [];
  archive.on('data', (chunk: Buffer) => chunks.push(chunk));
  await Promise.all([once(archive, 'end'), archive.finalize()]);
  return withoutEnd(chunks);
}

async function buildDirectly(items: readonly TarItem[]): Promise<Buffer[]> {
  const stream = pack();
  for (const item of items) {
    if (item.kind === 'file') stream.entry(toHeaders(item), item.content);
    else stream.entry(toHeaders(item));
  }
  stream.finalize();
  return withoutEnd(await collect(stream));
}

/** Owner 0: the walk keeps no owner, and what a user unpacks belongs to that user whatever the header says. */
function toHeaders(item: TarHeader): Partial<Header> & Pick<Header, 'name'> {
  const seconds = Math.min(Math.max(tarSeconds(item.mtimeNs), 0), maxHeaderSeconds);
  const records = paxRecords(item);
  return {
    name: archivedName(item),
    type: item.kind === 'file' ? 'file' : item.kind === 'folder' ? 'directory' : 'symlink',
    size: item.size,
    mode: item.mode | modeGiven,
    mtime: new Date(seconds * 1000),
    ...(item.target === undefined ? {} : { linkname: item.target }),
    ...(records === undefined ? {} : { pax: records }),
  };
}

/** bsdtar drops a leading `c:` or backslash, which it takes for Windows' (tar/util.c, strip_absolute_path); not after `./`. */
function archivedName({ path, kind }: TarHeader): string {
  const name = /^[a-z]:|^\\/i.test(path) ? `./${path}` : path;
  return kind === 'folder' ? `${name}/` : name;
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return chunks;
}

function readAll(stream: Pack): Buffer {
  const chunks: Buffer[] = [];
  for (let chunk: unknown = stream.read(); Buffer.isBuffer(chunk); chunk = stream.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Without the zeros that end an archive; tar-stream writes them as one chunk of their own. */
function withoutEnd(chunks: readonly Buffer[]): Buffer[] {
  if (chunks.at(-1)?.length !== endOfTarBytes) throw new Error('The tar stream has no end of its own.');
  return chunks.slice(0, -1);
}
