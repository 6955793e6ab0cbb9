import { createHash, type Hash } from 'node:crypto';
import { Parser, type ReadEntry } from 'tar';
import type { IndexEntry } from '../code/code-index.ts';
import { parsePaxRecords } from './pax-records.ts';
import type { Finding } from './read-back-job.ts';

/** Parses tar bytes and compares every entry with what the index says, in order. */
export class EntryComparison {
  readonly #expected: readonly IndexEntry[];
  readonly #findings: Finding[] = [];
  readonly #parser: Parser;
  #position = 0;
  #records: ReadonlyMap<string, string> = new Map();

  constructor(expected: readonly IndexEntry[]) {
    this.#expected = expected;
    this.#parser = new Parser({
      brotli: false,
      zstd: false,
      onwarn: (code, message) => {
        this.#findings.push({ message: `the tar data is damaged (${code}): ${String(message)}` });
      },
      onReadEntry: (entry) => this.#compare(entry),
    });
    this.#parser.on('meta', (text: string) => {
      this.#records = parsePaxRecords(text);
    });
    this.#parser.on('ignoredEntry', ({ path }: ReadEntry) => {
      this.#findings.push({ path, message: 'an entry of a kind that no snapshot holds' });
    });
  }

  write(raw: Buffer): void {
    this.#parser.write(raw);
  }

  /** What was found wrong. */
  end(): readonly Finding[] {
    this.#parser.end();
    for (const { path } of this.#expected.slice(this.#position)) {
      this.#findings.push({ path, message: 'is not in the archive' });
    }
    return this.#findings;
  }

  #compare(entry: ReadEntry): void {
    const expected = this.#expected[this.#position];
    this.#position += 1;
    const found = describe(entry, this.#records);
    this.#records = new Map();
    if (expected === undefined) {
      this.#findings.push({ path: found.path, message: 'is in the archive but not in the index' });
      entry.resume();
      return;
    }
    const content = createHash('sha256');
    let bytes = 0;
    entry.on('data', (chunk) => {
      bytes += chunk.length;
      content.update(chunk);
    });
    entry.on('end', () => {
      for (const message of differences({ ...found, bytes, content }, expected)) {
        this.#findings.push({ path: expected.path, message });
      }
    });
  }
}

interface Found {
  readonly path: string;
  readonly kind: string;
  readonly mode: number;
  readonly size: number;
  readonly seconds: number;
  readonly target: string | undefined;
}

/** node-tar drops PAX values that hold a newline, so names are taken from the records as they are. A `./` shields odd names. */
function describe(entry: ReadEntry, records: ReadonlyMap<string, string>): Found {
  const path = (records.get('path') ?? entry.path).replace(/^\.\//, '');
  const isLink = entry.type === 'SymbolicLink';
  return {
    path: entry.type === 'Directory' ? path.replace(/\/$/, '') : path,
    kind: kinds[entry.type] ?? entry.type,
    mode: (entry.mode ?? 0) & 0o7777,
    size: entry.size,
    seconds: Math.floor((entry.mtime?.getTime() ?? 0) / 1000),
    target: isLink ? (records.get('linkpath') ?? entry.linkpath) : undefined,
  };
}

const kinds: Readonly<Record<string, string>> = { File: 'file', Directory: 'folder', SymbolicLink: 'link' };

function differences(
  found: Found & { readonly bytes: number; readonly content: Hash },
  expected: IndexEntry,
): readonly string[] {
  const messages: string[] = [];
  const compare = (what: string, actual: unknown, wanted: unknown): void => {
    if (actual !== wanted) messages.push(`its ${what} is ${String(actual)} instead of ${String(wanted)}`);
  };
  compare('name', JSON.stringify(found.path), JSON.stringify(expected.path));
  compare('kind', found.kind, expected.kind);
  compare('mode', found.mode.toString(8), expected.mode.toString(8));
  compare('size', found.size, expected.size);
  compare('length', found.bytes, expected.size);
  compare('time', found.seconds, floorSeconds(expected.mtimeNs));
  compare('target', found.target, expected.target);
  if (expected.kind === 'file' && found.content.digest('hex') !== expected.sha256) {
    messages.push('its content does not match its hash');
  }
  return messages;
}

function floorSeconds(nanoseconds: bigint): number {
  return Number((nanoseconds - (((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n);
}
