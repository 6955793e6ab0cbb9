import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programFolder } from './program-folder.ts';

/** The version of this program, from its package.json. */
export const appVersion: string = readVersion();

function readVersion(): string {
  const value: unknown = JSON.parse(readFileSync(join(programFolder, 'package.json'), 'utf8'));
  if (typeof value !== 'object' || value === null || !('version' in value)) return 'unknown';
  return String(value.version);
}
