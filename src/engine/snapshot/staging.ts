import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { snapshotId } from '../../shared/snapshot-id.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';

const partialPrefix = '.partial-';
const trashPrefix = '.trash-';
/** Where files are replaced through a `.tmp` beside them. */
const ownFolders = ['.meta', '.locks'];

/** A snapshot that is being made. Nothing sees it until it is published. */
export interface Staging {
  readonly id: string;
  readonly createdAt: Date;
  readonly folder: string;
  /** Makes the folder below the staging folder that `file` lies in, and gives the file's full path. */
  place(file: string): string;
  /** One rename: from now on the snapshot is there, whole. Answers its path. When it throws, nothing is published. */
  publish(): string;
  /** Removes everything that was staged; throws where that can't be done now, and leaves it to the next sweep. */
  discard(): void;
}

/** Makes an empty private folder for a snapshot taken at `now`, with a name that no snapshot has. */
export function createStaging(backups: string, now: number): Staging {
  let time = now;
  while (existsSync(join(backups, snapshotId(new Date(time))))) time += 1;
  const createdAt = new Date(time);
  const id = snapshotId(createdAt);
  const folder = join(backups, `${partialPrefix}${id}-${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  chmodSync(folder, 0o700);
  return {
    id,
    createdAt,
    folder,
    place: (file) => {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return path;
    },
    publish: () => {
      finishFolders(folder);
      failPoint('publish:before');
      const path = join(backups, id);
      renameSync(folder, path);
      failPoint('publish:renamed');
      try {
        syncFolder(backups);
      } catch (error) {
        // A rename that may not survive a power cut was not done: see C42 in the tests of faults.
        renameSync(path, folder);
        throw error;
      }
      failPoint('publish:done');
      return path;
    },
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Swept {
  /** Relative to the backups folder. */
  readonly name: string;
  /** Why it is still there. */
  readonly error?: unknown;
}

/**
 * Removes what crashed runs left: partial and trash folders, and half-written records; nothing else. The caller holds
 * the writer lock.
 */
export function sweep(backups: string): readonly Swept[] {
  return findLeftOvers(backups).map((name) => {
    try {
      removeTree(join(backups, name));
      failPoint('sweep:removed');
      return { name };
    } catch (error) {
      return { name, error };
    }
  });
}

function findLeftOvers(backups: string): readonly string[] {
  const folders = readdirSync(backups).filter((name) => name.startsWith(partialPrefix) || name.startsWith(trashPrefix));
  const records = ownFolders.flatMap((folder) =>
    listIfThere(join(backups, folder))
      .filter((name) => name.endsWith('.tmp'))
      .map((name) => join(folder, name)),
  );
  return [...folders, ...records];
}

function listIfThere(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Takes a snapshot out of sight by one rename, then deletes it. The caller holds the writer and the removal lock. */
export function moveToTrashAndDelete(backups: string, id: string): void {
  const trash = join(backups, `${trashPrefix}${id}-${randomBytes(4).toString('hex')}`);
  failPoint('remove:before');
  renameSync(join(backups, id), trash);
  failPoint('remove:renamed');
  syncFolder(backups);
  removeTree(trash);
  failPoint('remove:deleted');
}

/** Deletes a folder; a link in its place is unlinked, never followed. */
function removeTree(path: string): void {
  if (lstatSync(path).isDirectory()) rmSync(path, { recursive: true, force: true });
  else unlinkSync(path);
}

/** Flushes all folders, without those that stayed empty because a database could not be read: no manifest names them. */
function finishFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    finishFolders(path);
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
  syncFolder(folder);
}
