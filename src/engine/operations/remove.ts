import { AppError } from '../../shared/app-error.ts';
import { formatBytes } from '../../shared/format.ts';
import type { EngineContext } from '../context.ts';
import { findAlarm } from '../retention/find-alarm.ts';
import { bytesFreedBy } from '../retention/history.ts';
import { findProtections, type Protection } from '../retention/protections.ts';
import { removeSnapshots } from '../retention/prune.ts';
import { readHistory } from '../retention/read-history.ts';
import { readAlarm } from '../snapshot/alarm.ts';
import { readCatalog, resolveSnapshot } from '../snapshot/catalog.ts';
import { currentBaseline } from '../snapshot/current-baseline.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { recordActivity } from './record-activity.ts';
import { asRemover } from './with-locks.ts';

export interface Removed {
  readonly id: string;
  readonly freedBytes: number;
  /** Why nothing is pruned at this time, for the user to know; null when all is well. */
  readonly alarm: string | null;
}

/**
 * Removes one snapshot; one that pruning would never remove is refused, but while an alarm stands only the one that has
 * what is missing. AppError `busy` while something reads snapshots.
 */
export async function remove(context: EngineContext, reference: string): Promise<Removed> {
  const backups = requireBackups(context);
  const { id } = resolveSnapshot(backups, reference).snapshot;
  const { freedBytes, alarm } = await asRemover(context, 'remove', async () => {
    const found = removable(context, backups, id);
    removeSnapshots(backups, [id]);
    return found;
  });
  context.logger.info(`Removed snapshot ${id}, which freed ${freedBytes} bytes.`);
  const message = `A snapshot was removed; ${formatBytes(freedBytes)} freed.`;
  await recordActivity(context, { kind: 'remove', ok: true, snapshot: id, message });
  return { id, freedBytes, alarm };
}

/** The bytes that removing it frees, and what stands; throws where it must stay. */
function removable(context: EngineContext, backups: string, id: string): Omit<Removed, 'id'> {
  const catalog = readCatalog(backups);
  const history = readHistory(catalog, currentBaseline(context, catalog));
  const item = history.find((each) => each.id === id);
  if (item === undefined) throw new AppError('snapshot-missing', `The snapshot ${id} has just been removed.`);
  const raised = readAlarm(backups);
  const [protection] = findProtections(history, null).get(id) ?? [];
  if (protection !== undefined) throw refusal(id, protection);
  if (raised?.good === id) throw refusal(id, 'alarm');
  return { freedBytes: bytesFreedBy([item]), alarm: findAlarm(catalog, raised) };
}

function refusal(id: string, protection: Protection): AppError {
  switch (protection) {
    case 'pinned':
      return new AppError('snapshot-pinned', `The snapshot ${id} is pinned.`, {
        hint: `Unpin it first: "codex-backup unpin ${id}".`,
      });
    case 'good-brain':
    case 'good-archive':
      return new AppError('snapshot-protected', `The snapshot ${id} is the newest good one, and is kept.`, {
        hint: 'Take a new snapshot first: "codex-backup run". Then this one can be removed.',
      });
    case 'baseline':
      return new AppError('snapshot-protected', `The Brain was restored from ${id}, and growth is measured from it.`, {
        hint: 'Take a new snapshot first: "codex-backup run". Then this one can be removed.',
      });
    case 'safety':
      return new AppError('snapshot-protected', `The snapshot ${id} was taken before a restore, and is kept 30 days.`, {
        hint: 'It is what the restore can be undone with.',
      });
    case 'alarm':
      return new AppError('snapshot-protected', `The snapshot ${id} has the memories that an alarm says are missing.`, {
        hint: 'Restore it, or end the alarm first: "codex-backup acknowledge".',
      });
  }
}
