import { statfsSync } from 'node:fs';

/** Bytes that an ordinary user may still write on the file system of `path`. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path, { bigint: true });
  return Number(bavail * bsize);
}

/** Bytes of the whole file system of `path`. */
export function totalBytes(path: string): number {
  const { blocks, bsize } = statfsSync(path, { bigint: true });
  return Number(blocks * bsize);
}
