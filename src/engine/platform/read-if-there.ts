import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { systemErrorCode } from '../../shared/app-error.ts';

/** The text of a file that may be missing or unreadable: undefined then. */
export function readTextIfThere(file: string): string | undefined {
  return unlessRefused(() => readFileSync(file, 'utf8'));
}

/** What is in a folder that may be missing or unreadable: nothing then. */
export function readFolderIfThere(folder: string): readonly Dirent[] {
  return unlessRefused(() => readdirSync(folder, { withFileTypes: true })) ?? [];
}

function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
