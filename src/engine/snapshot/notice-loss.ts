import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { type Snapshot, snapshotFiles } from '../../shared/model.ts';
import { lookAtDatabase } from '../brain/look.ts';
import type { EngineContext } from '../context.ts';
import { restoresFolder } from '../folders.ts';
import { endAlarm, raiseAlarm, readAlarm } from './alarm.ts';
import type { CatalogEntry } from './catalog.ts';
import { findLoss, type SavedMemories } from './find-loss.ts';
import { updateMeta } from './meta.ts';

/** A snapshot that is whole, and published or about to be. */
export type NewSnapshot = Pick<Snapshot, 'id' | 'path' | 'brain'>;

/**
 * Holds a new snapshot against the last good one before it. Where memories are missing, and no restore has put another
 * Brain in place, that one is pinned and an alarm is raised. It is done before the snapshot is published, so that no
 * crash can come between; answers how to take it back if that fails. The caller holds the writer lock.
 */
export function noticeLoss(context: EngineContext, good: CatalogEntry | undefined, snapshot: NewSnapshot): () => void {
  if (good === undefined || good.manifest === null) return nothing;
  const before = readMemories(good.snapshot);
  const after = readMemories(snapshot);
  if (before === null || after === null) return nothing;
  const loss = findLoss(before, after);
  if (loss === null || wasBrainRestored(context, Date.parse(good.snapshot.createdAt))) return nothing;
  context.logger.error(`${loss.message} The snapshot ${good.snapshot.id} has them, and is pinned.`);
  const backups = context.backups();
  const { id, pinned } = good.snapshot;
  updateMeta(backups, id, (meta) => ({ ...meta, pinned: true }));
  const unpin = (): void => {
    if (!pinned) updateMeta(backups, id, (meta) => ({ ...meta, pinned: false }));
  };
  if (stands(backups)) return unpin;
  const at = new Date(context.clock.now()).toISOString();
  raiseAlarm(backups, { ...loss, at, snapshot: snapshot.id, good: id });
  return () => {
    endAlarm(backups);
    unpin();
  };
}

const nothing = (): void => undefined;

/** One whose snapshot was never published, because of a crash, gives way to the next one. */
function stands(backups: string): boolean {
  const alarm = readAlarm(backups);
  return alarm !== null && existsSync(join(backups, alarm.snapshot));
}

function readMemories({ path, brain }: NewSnapshot): SavedMemories | null {
  if (brain === null || brain.integrity !== 'ok') return null;
  const look = lookAtDatabase(join(path, snapshotFiles.brain));
  return { tables: brain.tables, usedBytes: look?.usedBytes ?? brain.bytes };
}

/** Whether a restore has replaced the Brain since; each keeps a journal beside the root (docs/restore.md). */
function wasBrainRestored(context: EngineContext, sinceMs: number): boolean {
  const folder = restoresFolder(context.root());
  const brain = context.brainPath();
  return listFolders(folder).some((name) => {
    const journal = join(folder, name, 'journal.jsonl');
    const stats = statSync(journal, { throwIfNoEntry: false });
    if (stats === undefined || stats.mtimeMs < sinceMs) return false;
    const text = readFileSync(journal, 'utf8');
    return text.includes(JSON.stringify(brain)) && text.includes('"outcome":"restored"');
  });
}

function listFolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'EACCES') return [];
    throw error;
  }
}
