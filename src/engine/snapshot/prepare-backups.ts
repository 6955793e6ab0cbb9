import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import { isInside } from '../folders.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { writeFailure } from '../platform/system-failure.ts';
import { metaFolder } from './meta.ts';

/**
 * Makes the backups folder ready to be written, or says why it can't be: it lies around the code, can't be written, or
 * isn't the folder that was used before under this name (a disk that is not connected leaves an empty mount point).
 */
export function prepareBackups(context: EngineContext): void {
  const root = context.root();
  const backups = context.backups();
  refuseAroundCode(root, backups, context.settings().include);
  const known = readKnownFolders(context.home);
  const expected = known.get(backups);
  if (expected !== undefined && !isInside(root, backups) && readMarker(backups) !== expected) {
    throw new AppError('backups-missing', `${backups} is not the backups folder that was used before.`, {
      hint: `Connect its disk. If you removed it on purpose, start anew with "codex-backup settings backups ${backups}".`,
    });
  }
  try {
    mkdirSync(backups, { recursive: true, mode: 0o700 });
    if (!existsSync(metaFolder(backups))) {
      mkdirSync(metaFolder(backups), { mode: 0o700 });
      chmodSync(metaFolder(backups), 0o700);
    }
    const marker = readMarker(backups) ?? writeMarker(backups);
    if (marker !== expected) writeKnownFolders(context.home, new Map([...known, [backups, marker]]));
  } catch (error) {
    throw writeFailure(error, backups);
  }
}

/** Lets a backups folder be made anew under a name that was used before. */
export function forgetBackups(home: string, backups: string): void {
  const known = new Map(readKnownFolders(home));
  if (known.delete(backups)) writeKnownFolders(home, known);
}

function refuseAroundCode(root: string, backups: string, include: readonly string[]): void {
  const around = include.find((entry) => isInside(backups, join(root, entry)));
  if (around === undefined && !isInside(backups, root)) return;
  throw new AppError('backups-around-code', `The backups folder ${backups} holds what it is to keep safe.`, {
    hint: 'Choose another one with --backups DIR or "codex-backup settings backups DIR".',
  });
}

/** Not a dot-json of a snapshot's name, so it is never taken for a record. */
const markerFile = (backups: string): string => join(metaFolder(backups), 'folder-id');

function readMarker(backups: string): string | undefined {
  return readText(markerFile(backups))?.trim();
}

function writeMarker(backups: string): string {
  const marker = randomUUID();
  replaceFile(markerFile(backups), `${marker}\n`);
  return marker;
}

const knownFile = (home: string): string => join(home, 'backups-folders.json');

function readKnownFolders(home: string): ReadonlyMap<string, string> {
  const text = readText(knownFile(home));
  if (text === undefined) return new Map();
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function writeKnownFolders(home: string, known: ReadonlyMap<string, string>): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  replaceFile(knownFile(home), `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
