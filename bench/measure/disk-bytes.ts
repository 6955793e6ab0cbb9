import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of disk that a folder takes, folders included; a file with several links in it counts once. */
export function diskBytes(folder: string): number {
  const seen = new Set<bigint>();
  let total = 0n;
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const { ino, blocks } = lstatSync(join(folder, name), { bigint: true });
    if (seen.has(ino)) continue;
    seen.add(ino);
    total += blocks * 512n;
  }
  return Number(total);
}
