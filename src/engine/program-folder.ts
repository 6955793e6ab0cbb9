import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder that this program consists of, with its package.json: a clone, or `program` in the packaged app. Other
 * files of the program are found from here, by the same paths in both.
 */
export const programFolder: string = findProgramFolder(import.meta.dirname);

function findProgramFolder(folder: string): string {
  const parent = dirname(folder);
  if (parent === folder || existsSync(join(folder, 'package.json'))) return folder;
  return findProgramFolder(parent);
}
