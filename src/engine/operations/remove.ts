import { AppError } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import { acquireLock } from '../platform/locks.ts';
import { writeFailure } from '../platform/system-failure.ts';
import { findArchiveToReuse, findBaseline, readCatalog, resolveSnapshot } from '../snapshot/catalog.ts';
import { removeMeta } from '../snapshot/meta.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { moveToTrashAndDelete } from '../snapshot/staging.ts';
import { asWriter, locksFolder } from './with-locks.ts';

/**
 * Removes one snapshot. A pinned one, and the newest with a good Brain or a good archive while others remain, are
 * refused. AppError `busy` while something reads snapshots.
 */
export async function remove(
  context: EngineContext,
  reference: string,
): Promise<{ readonly id: string; readonly freedBytes: number }> {
  const backups = requireBackups(context);
  const { id } = resolveSnapshot(backups, reference).snapshot;
  return asWriter(context, 'remove', async () => {
    const lock = await acquireLock({
      folder: locksFolder(backups),
      name: 'removal',
      mode: 'exclusive',
      what: 'remove',
      clock: context.clock,
    });
    try {
      const freedBytes = removable(backups, id);
      moveToTrashAndDelete(backups, id);
      removeMeta(backups, id);
      context.logger.info(`Removed snapshot ${id}, which freed ${freedBytes} bytes.`);
      return { id, freedBytes };
    } catch (error) {
      throw writeFailure(error, backups);
    } finally {
      lock.release();
    }
  });
}

/** The bytes that removing it frees; throws where it must stay. */
function removable(backups: string, id: string): number {
  const catalog = readCatalog(backups);
  const entry = catalog.find(({ snapshot }) => snapshot.id === id);
  if (entry === undefined) throw new AppError('snapshot-missing', `The snapshot ${id} has just been removed.`);
  if (entry.snapshot.pinned) {
    throw new AppError('snapshot-pinned', `The snapshot ${id} is pinned.`, {
      hint: `Unpin it first: "codex-backup unpin ${id}".`,
    });
  }
  const isLastGood = findBaseline(catalog) === entry || findArchiveToReuse(catalog) === entry;
  if (isLastGood) {
    throw new AppError('snapshot-protected', `The snapshot ${id} is the newest good one, and is kept.`, {
      hint: 'Take a new snapshot first: "codex-backup run". Then this one can be removed.',
    });
  }
  return entry.snapshot.diskBytes;
}
