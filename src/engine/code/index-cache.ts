import { statSync } from 'node:fs';
import { type CodeIndex, readIndex } from './code-index.ts';

interface CachedIndex {
  readonly identity: string;
  readonly index: CodeIndex;
}

/** One index of 100,000 entries takes about 50 MB, so only the last is kept, and not for long. */
const keptMs = 60_000;
let last: CachedIndex | undefined;
let timer: NodeJS.Timeout | undefined;

/** As readIndex; the index read last is remembered for a minute, because a user who browses asks for it again and again. */
export function readIndexOnce(file: string): CodeIndex {
  const { dev, ino, size, mtimeNs } = statSync(file, { bigint: true });
  const identity = [dev, ino, size, mtimeNs].join(' ');
  if (last?.identity !== identity) last = { identity, index: readIndex(file) };
  clearTimeout(timer);
  timer = setTimeout(() => {
    last = undefined;
  }, keptMs);
  timer.unref();
  return last.index;
}
