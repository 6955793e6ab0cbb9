import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import { isInside } from '../folders.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { makeFolder } from '../platform/make-folder.ts';
import { writeFailure } from '../platform/system-failure.ts';
import { readKnownBackups, rememberBackups } from './known-backups.ts';
import { metaFolder } from './meta.ts';

/**
 * Makes the backups folder ready to be written, or says why it can't be: it lies around the code, can't be written, or
 * isn't the folder that was used before under this name (a disk that is not connected leaves an empty mount point).
 */
export function prepareBackups(context: EngineContext): void {
  refuseAroundCode(context.root(), context.backups(), context.settings().include);
  const backups = requireBackups(context);
  try {
    makeFolder(backups);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST' || code === 'ENOTDIR') throw noFolder(backups, error);
    throw writeFailure(error, backups);
  }
}

function noFolder(backups: string, cause: unknown): AppError {
  return new AppError('backups-unwritable', `${backups} can not be the backups folder: a file lies in its place.`, {
    hint: 'Choose another one with --backups DIR or "codex-backup settings backups DIR".',
    cause,
  });
}

/** Gives the folder its mark, by which it is known from now on. The caller holds the writer lock, so there is one. */
export function markBackups(context: EngineContext): void {
  const backups = context.backups();
  let marker: string;
  try {
    if (mkdirSync(metaFolder(backups), { recursive: true, mode: 0o700 }) !== undefined) {
      chmodSync(metaFolder(backups), 0o700);
    }
    marker = readMarker(backups) ?? writeMarker(backups);
  } catch (error) {
    throw writeFailure(error, metaFolder(backups));
  }
  rememberBackups(context, backups, marker);
}

/** The backups folder; throws `backups-missing` when another one, or none, lies where a known one was. */
export function requireBackups(context: EngineContext): string {
  const backups = context.backups();
  const expected = readKnownBackups(context).get(backups);
  if (expected === undefined || readMarker(backups) === expected || isInside(context.root(), backups)) return backups;
  throw new AppError('backups-missing', `${backups} is not the backups folder that was used before.`, {
    hint: `Connect its disk. If you removed it on purpose, start anew with "codex-backup settings backups ${backups}".`,
  });
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

/** An empty one was never written to its end. */
function readMarker(backups: string): string | undefined {
  try {
    return readFileSync(markerFile(backups), 'utf8').trim() || undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new AppError('backups-unreadable', `${markerFile(backups)} can not be read: ${code}.`, {
      hint: 'Check the permissions of the folder and that its disk is connected.',
      cause: error,
    });
  }
}

function writeMarker(backups: string): string {
  const marker = randomUUID();
  replaceFile(markerFile(backups), `${marker}\n`);
  return marker;
}
