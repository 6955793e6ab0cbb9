import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { snapshotFiles } from '../../shared/model.ts';
import type { DiskUse } from '../../shared/results.ts';
import { freeBytes, totalBytes } from '../platform/disk-space.ts';

/** What the backups folder takes on its disk; bytes that several snapshots share by a hard link count once. */
export function measureDiskUse(backups: string): DiskUse {
  const seen = new Set<string>();
  const use = { usedBytes: 0, brainBytes: 0, codeBytes: 0, sharedBytes: 0 };
  const entries = existsSync(backups) ? readdirSync(backups, { recursive: true, withFileTypes: true }) : [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const bytes = stats.blocks * 512;
    const key = `${stats.dev}:${stats.ino}`;
    if (seen.has(key)) {
      use.sharedBytes += bytes;
      continue;
    }
    seen.add(key);
    use.usedBytes += bytes;
    if (isDatabase(relative(backups, path))) use.brainBytes += bytes;
    if (entry.name === snapshotFiles.code) use.codeBytes += bytes;
  }
  const place = nearestExisting(backups);
  return { ...use, freeBytes: freeBytes(place), totalBytes: totalBytes(place) };
}

/** Inside a snapshot: `<id>/codex-brain.db` or `<id>/databases/…`. */
function isDatabase(path: string): boolean {
  const [, first] = path.split(sep);
  return first === snapshotFiles.brain || first === snapshotFiles.databases;
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
