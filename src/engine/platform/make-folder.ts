import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, 0700, with its parents; one that is there stays as it is. Node's own recursion does not end where a
 * file system answers ENOENT for a new folder in one that exists (/proc, and some network disks).
 */
export function makeFolder(path: string): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  if (existsSync(path)) mkdirSync(path, { recursive: true });
  else mkdirSync(path, { mode: 0o700 });
}
