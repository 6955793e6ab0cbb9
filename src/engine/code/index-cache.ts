import { statSync } from 'node:fs';
import { type CodeIndex, readIndex, readListing } from './code-index.ts';
import type { ListedEntry } from './parse-index.ts';

/** One index of 100,000 entries takes about 50 MB, so only the last is kept, and not for long. */
const keptMs = 60_000;

/** As readIndex; the index read last is remembered for a minute, because a user who browses asks for it again and again. */
export const readIndexOnce: (file: string) => CodeIndex = rememberLast(readIndex);

/** As readListing, remembered likewise. */
export const readListingOnce: (file: string) => readonly ListedEntry[] = rememberLast(readListing);

function rememberLast<T>(read: (file: string) => T): (file: string) => T {
  let last: { readonly identity: string; readonly value: T } | undefined;
  let timer: NodeJS.Timeout | undefined;
  return (file) => {
    const { dev, ino, size, mtimeNs } = statSync(file, { bigint: true });
    const identity = [dev, ino, size, mtimeNs].join(' ');
    if (last?.identity !== identity) last = { identity, value: read(file) };
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = undefined;
    }, keptMs);
    timer.unref();
    return last.value;
  };
}
