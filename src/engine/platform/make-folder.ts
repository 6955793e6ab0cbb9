import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';

/**
 * Makes a folder, 0700, with its parents; one that is there stays as it is. Node's own recursion does not end where a
 * file system answers ENOENT for a new folder in one that exists (/proc, and some network disks).
 */
export function makeFolder(path: string): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  try {
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else has made it just now.
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
  mkdirSync(path, { recursive: true });
}
