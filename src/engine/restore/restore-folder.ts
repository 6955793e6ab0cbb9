import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { restoresFolder } from '../folders.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { lookAt } from './live-entry.ts';

/** Where one restore keeps its files: beside the root, on its file system. */
export interface RestoreFolder {
  readonly id: string;
  /** The folder that holds both the root and the restores folder; the journal's paths are relative to it. */
  readonly base: string;
  /** Name of the root in `base`. */
  readonly root: string;
  /** Path relative to `base`. */
  readonly own: string;
  /** Full path. */
  readonly path: string;
}

const idPrefix = 'restore-';
export const isRestoreId = (name: string): boolean => /^restore-\d{4}-\d{2}-\d{2}T[\d-]+Z$/.test(name);

export const journalFile = ({ path }: Pick<RestoreFolder, 'path'>): string => join(path, 'journal.jsonl');

/** Names a restore's folder, which need not exist. */
export function restoreFolderOf(root: string, id: string): RestoreFolder {
  const path = join(restoresFolder(root), id);
  return { id, base: dirname(root), root: basename(root), own: join(basename(dirname(path)), id), path };
}

/** Makes the private folder of a restore that begins now, with a name that no other has. */
export function createRestoreFolder(root: string, now: number): RestoreFolder {
  let time = now;
  const idAt = (milliseconds: number): string =>
    idPrefix + new Date(milliseconds).toISOString().replaceAll(/[:.]/g, '-');
  while (lookAt(join(restoresFolder(root), idAt(time))) !== undefined) time += 1;
  const folder = restoreFolderOf(root, idAt(time));
  mkdirSync(dirname(folder.path), { recursive: true, mode: 0o700 });
  mkdirSync(folder.path, { mode: 0o700 });
  try {
    chmodSync(folder.path, 0o700);
    for (const name of ['staged', 'replaced', 'logs']) mkdirSync(join(folder.path, name), { mode: 0o700 });
    syncFolder(dirname(folder.path));
    return folder;
  } catch (error) {
    rmSync(folder.path, { recursive: true, force: true });
    throw error;
  }
}

/** Keeps what was staged, and has run in its place: whatever Codex wrote there is nowhere else. */
export function keepTried({ path }: RestoreFolder): void {
  if (lookAt(join(path, 'staged')) !== undefined) renameSync(join(path, 'staged'), join(path, 'tried'));
}

/** Removes what was only staged: copies of a snapshot, never a file of the user. */
export function removeStaged({ path }: RestoreFolder): void {
  rmSync(join(path, 'staged'), { recursive: true, force: true });
}
