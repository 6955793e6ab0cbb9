import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file of a snapshot, as one name of an inode. */
export interface SnapshotFile {
  readonly inode: string;
  /** What it takes on the disk. */
  readonly bytes: number;
  /** How many names the inode has, on the whole disk. */
  readonly links: number;
}

/** The files of one snapshot; links are not followed. */
export function listFiles(folder: string): readonly SnapshotFile[] {
  const files: SnapshotFile[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const stats = lstatSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    if (stats === undefined) continue;
    files.push({ inode: `${stats.dev}:${stats.ino}`, bytes: stats.blocks * 512, links: stats.nlink });
  }
  return files;
}
