import { copyFileSync, linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeManifest, readManifest } from '../../src/engine/snapshot/manifest.ts';
import { snapshotFiles } from '../../src/shared/model.ts';
import { snapshotId } from '../../src/shared/snapshot-id.ts';
import { newPlace, type Place, runCodexBackup } from '../ours/whole-command.ts';
import type { Workspace } from '../workspace.ts';
import { codexTree } from './codex-tree.ts';

const minuteMs = 60_000;

type CopyFile = (from: string, to: string) => void;

/** A backups folder with that many snapshots, as a quarter of an hour each of unchanged code would leave them. */
export async function createManySnapshots(workspace: Workspace, count: number): Promise<Place> {
  const { root } = await codexTree(workspace);
  const place = newPlace(workspace, root);
  await runCodexBackup(place, ['run']);
  multiplySnapshot(place.backups, count);
  return place;
}

/** Lays the one snapshot of a backups folder out again until there are `count`, a quarter of an hour apart. */
export function multiplySnapshot(backups: string, count: number, copy: CopyFile = copyFileSync): void {
  const [first = ''] = readdirSync(backups).filter((name) => name.startsWith('codex-backup-'));
  const manifest = readManifest(join(backups, first, snapshotFiles.manifest));
  for (let number = 1; number < count; number += 1) {
    const createdAt = new Date(Date.parse(manifest.createdAt) + number * 15 * minuteMs);
    const id = snapshotId(createdAt);
    const folder = join(backups, id);
    mkdirSync(folder, { mode: 0o700 });
    for (const { file } of [...manifest.files, ...(manifest.brain === null ? [] : [manifest.brain])]) {
      copy(join(backups, first, file), join(folder, file));
    }
    linkSync(join(backups, first, snapshotFiles.code), join(folder, snapshotFiles.code));
    const next = { ...manifest, id, createdAt: createdAt.toISOString(), sequence: manifest.sequence + number };
    writeFileSync(join(folder, snapshotFiles.manifest), encodeManifest(next));
  }
}
