import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import { replaceFile } from '../platform/durable-file.ts';

type Place = Pick<EngineContext, 'home' | 'logger'>;

/**
 * Which mark each backups folder had when it was used last: `backups-folders.json` in the app home. A file that can't
 * be understood is kept aside and told of: without it one loses a protection, and with an error every snapshot.
 */
export function readKnownBackups({ home, logger }: Place): ReadonlyMap<string, string> {
  const file = knownFile(home);
  try {
    return parseKnown(readFileSync(file, 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return new Map();
    logger.warn(`${file} can not be read, so an unplugged backups disk would not be noticed: ${String(error)}`);
    if (error instanceof SyntaxError) keepAside(file, logger);
    return new Map();
  }
}

/** Remembers the mark of a folder. Where the app home can't be written, a snapshot is worth more than this. */
export function rememberBackups(place: Place, backups: string, marker: string): void {
  const known = readKnownBackups(place);
  if (known.get(backups) === marker) return;
  try {
    writeKnown(place.home, new Map([...known, [backups, marker]]));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    place.logger.warn(`${knownFile(place.home)} can not be written: ${String(error)}`);
  }
}

/** Lets a backups folder be made anew under a name that was used before. */
export function forgetBackups(place: Place, backups: string): void {
  const known = new Map(readKnownBackups(place));
  if (known.delete(backups)) writeKnown(place.home, known);
}

const knownFile = (home: string): string => join(home, 'backups-folders.json');

function parseKnown(text: string): ReadonlyMap<string, string> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new SyntaxError('it holds no object');
  return new Map(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function writeKnown(home: string, known: ReadonlyMap<string, string>): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  replaceFile(knownFile(home), `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
}

function keepAside(file: string, logger: Place['logger']): void {
  try {
    renameSync(file, `${file}.damaged`);
  } catch (error) {
    logger.warn(`${file} could not be kept aside: ${String(error)}`);
  }
}
