import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { snapshotId } from '../../shared/snapshot-id.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';

const partialPrefix = '.partial-';
const trashPrefix = '.trash-';

/** A snapshot that is being made. Nothing sees it until it is published. */
export interface Staging {
  readonly id: string;
  readonly createdAt: Date;
  readonly folder: string;
  /** Makes the folder below the staging folder that `file` lies in, and gives the file's full path. */
  place(file: string): string;
  /** One rename: from now on the snapshot is there, whole. Answers its path. */
  publish(): string;
  /** Removes everything that was staged. */
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
      syncFolders(folder);
      failPoint('publish:before');
      const path = join(backups, id);
      renameSync(folder, path);
      failPoint('publish:renamed');
      syncFolder(backups);
      return path;
    },
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Removes what crashed runs left: partial and trash folders, nothing else. The caller holds the writer lock. */
export function sweep(backups: string): readonly string[] {
  const left = readdirSync(backups).filter((name) => name.startsWith(partialPrefix) || name.startsWith(trashPrefix));
  for (const name of left) removeTree(join(backups, name));
  return left;
}

/** Takes a snapshot out of sight by one rename, then deletes it. The caller holds the writer and the removal lock. */
export function moveToTrashAndDelete(backups: string, id: string): void {
  const trash = join(backups, `${trashPrefix}${id}-${randomBytes(4).toString('hex')}`);
  renameSync(join(backups, id), trash);
  syncFolder(backups);
  failPoint('remove:renamed');
  removeTree(trash);
}

/** Deletes a folder; a link in its place is unlinked, never followed. */
function removeTree(path: string): void {
  if (lstatSync(path).isDirectory()) rmSync(path, { recursive: true, force: true });
  else unlinkSync(path);
}

function syncFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) syncFolders(join(folder, entry.name));
  }
  syncFolder(folder);
}
