import { createHash, type Hash } from 'node:crypto';
import type { IndexEntry } from '../code/code-index.ts';
import { type ReadHeader, readTarHeader } from '../code/read-tar-header.ts';
import type { Finding } from './read-back-job.ts';

const blockBytes = 512;

/** An entry whose header was read, and what is still to come of it. */
interface OpenEntry {
  readonly header: ReadHeader;
  /** Undefined for an entry that the index doesn't have. */
  readonly expected: IndexEntry | undefined;
  readonly content: Hash;
  leftBytes: number;
  paddingBytes: number;
}

/** Reads tar bytes and compares every entry with what the index says, in order. */
export class EntryComparison {
  readonly #expected: readonly IndexEntry[];
  readonly #findings: Finding[] = [];
  #position = 0;
  #open: OpenEntry | undefined;
  #isUnreadable = false;

  constructor(expected: readonly IndexEntry[]) {
    this.#expected = expected;
  }

  /** The tar bytes of the next pack. A header never runs over two of them. */
  write(raw: Buffer): void {
    let offset = 0;
    while (offset < raw.length && !this.#isUnreadable) {
      offset = this.#open === undefined ? this.#readHeader(raw, offset) : this.#readContent(this.#open, raw, offset);
    }
  }

  /** What was found wrong. */
  end(): readonly Finding[] {
    if (this.#open !== undefined) this.#note(this.#open.header.path, 'is cut off in the archive');
    for (const { path } of this.#expected.slice(this.#position)) this.#note(path, 'is not in the archive');
    return this.#findings;
  }

  #readHeader(raw: Buffer, offset: number): number {
    try {
      const header = readTarHeader(raw, offset);
      this.#begin(header);
      return offset + header.bytes;
    } catch (error) {
      // Where the next entry begins can't be known.
      this.#isUnreadable = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#note(this.#expected[this.#position]?.path, `the tar data is damaged: ${reason}`);
      return raw.length;
    }
  }

  #begin(header: ReadHeader): void {
    const expected = this.#expected[this.#position];
    this.#position += 1;
    if (expected === undefined) this.#note(header.path, 'is in the archive but not in the index');
    const paddingBytes = (blockBytes - (header.size % blockBytes)) % blockBytes;
    const entry = { header, expected, content: createHash('sha256'), leftBytes: header.size, paddingBytes };
    if (header.size === 0) this.#finish(entry);
    else this.#open = entry;
  }

  #readContent(entry: OpenEntry, raw: Buffer, offset: number): number {
    const content = raw.subarray(offset, offset + entry.leftBytes);
    entry.content.update(content);
    entry.leftBytes -= content.length;
    const padding = Math.min(entry.paddingBytes, raw.length - offset - content.length);
    entry.paddingBytes -= padding;
    if (entry.leftBytes === 0 && entry.paddingBytes === 0) {
      this.#finish(entry);
      this.#open = undefined;
    }
    return offset + content.length + padding;
  }

  #finish({ header, expected, content }: OpenEntry): void {
    if (expected === undefined) return;
    for (const message of differences(header, content, expected)) this.#note(expected.path, message);
  }

  #note(path: string | undefined, message: string): void {
    this.#findings.push({ ...(path !== undefined && { path }), message });
  }
}

function differences(header: ReadHeader, content: Hash, expected: IndexEntry): readonly string[] {
  const messages: string[] = [];
  const compare = (what: string, actual: unknown, wanted: unknown): void => {
    if (actual !== wanted) messages.push(`its ${what} is ${String(actual)} instead of ${String(wanted)}`);
  };
  compare('name', JSON.stringify(header.path), JSON.stringify(expected.path));
  compare('kind', header.kind, expected.kind);
  compare('mode', header.mode.toString(8), expected.mode.toString(8));
  compare('size', header.size, expected.size);
  compare('time', header.seconds, floorSeconds(expected.mtimeNs));
  compare('target', header.target, expected.target ?? '');
  compare('place', header.bytes, expected.dataOffset - expected.headerOffset);
  if (expected.kind === 'file' && content.digest('hex') !== expected.sha256) {
    messages.push('its content does not match its hash');
  }
  return messages;
}

function floorSeconds(nanoseconds: bigint): number {
  return Number((nanoseconds - (((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n);
}
