import { closeSync, constants, fchmodSync, fsync, futimesSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Files that are created below one folder. */
export interface NewFiles {
  /** Creates a file, 0600, and answers its descriptor. It must not exist, and a link in its place is not followed. */
  create(path: string): number;
  /** Gives the file created last its mode (no setuid, setgid, sticky) and time, and closes it, or flushes it soon. */
  seal(attributes: { readonly mode: number; readonly mtimeNs: bigint }): Promise<void>;
  /** Flushes and closes what is still open. */
  finish(): Promise<void>;
  /** How many were sealed. */
  count(): number;
  /** The path created last, for messages. */
  current(): string;
  /** Closes everything, flushed or not. */
  close(): void;
}

const flush = promisify(fsync);
/** Flushed together: the file system then commits its journal once for all of them. */
const flushedTogether = 32;

/** Creates files below `target`, all of whose parents must be real folders. */
export function createNewFiles(target: string, mustFlush: boolean): NewFiles {
  const open: number[] = [];
  let sealed = 0;
  let path = '';

  const finish = async (): Promise<void> => {
    const batch = open.splice(0);
    try {
      if (mustFlush) await Promise.all(batch.map((fd) => flush(fd)));
    } finally {
      for (const fd of batch) closeSync(fd);
    }
  };

  return {
    create: (name) => {
      path = name;
      const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
      const fd = openSync(join(target, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      open.push(fd);
      return fd;
    },
    seal: async ({ mode, mtimeNs }) => {
      const fd = open.at(-1);
      if (fd === undefined) throw new Error('No file was created.');
      fchmodSync(fd, mode & 0o777);
      const seconds = toSeconds(mtimeNs);
      futimesSync(fd, seconds, seconds);
      sealed += 1;
      if (!mustFlush || open.length >= flushedTogether) await finish();
    },
    finish,
    count: () => sealed,
    current: () => path,
    close: () => {
      for (const fd of open.splice(0)) closeSync(fd);
    },
  };
}

/** Seconds as Node takes them; about 0.2 µs are lost. */
export function toSeconds(mtimeNs: bigint): number {
  return Number(mtimeNs / 1_000_000_000n) + Number(mtimeNs % 1_000_000_000n) / 1e9;
}
