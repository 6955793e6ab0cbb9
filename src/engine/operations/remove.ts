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

/** Removes one snapshot; one that pruning would never remove is refused. AppError `busy` while something reads snapshots. */
export async function remove(
  context: EngineContext,
  reference: string,
): Promise<{ readonly id: string; readonly freedBytes: number }> {
  const backups = requireBackups(context);
  const { id } = resolveSnapshot(backups, reference).snapshot;
  const freedBytes = await asRemover(context, 'remove', async () => {
    const bytes = removable(context, backups, id);
    removeSnapshots(backups, [id]);
    return bytes;
  });
  context.logger.info(`Removed snapshot ${id}, which freed ${freedBytes} bytes.`);
  const message = `A snapshot was removed; ${formatBytes(freedBytes)} freed.`;
  await recordActivity(context, { kind: 'remove', ok: true, snapshot: id, message });
  return { id, freedBytes };
}

/** The bytes that removing it frees; throws where it must stay. */
function removable(context: EngineContext, backups: string, id: string): number {
  const catalog = readCatalog(backups);
  const history = readHistory(catalog, currentBaseline(context, catalog));
  const item = history.find((each) => each.id === id);
  if (item === undefined) throw new AppError('snapshot-missing', `The snapshot ${id} has just been removed.`);
  const alarm = findAlarm(catalog, readAlarm(backups));
  const [protection] = findProtections(history, alarm).get(id) ?? [];
  if (protection !== undefined) throw refusal(id, protection, alarm);
  return bytesFreedBy([item]);
}

function refusal(id: string, protection: Protection, alarm: string | null): AppError {
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
      return new AppError('snapshot-protected', `The snapshot ${id} is kept, because an alarm stands: ${alarm}.`, {
        hint: 'See what is wrong with "codex-backup status"; nothing is removed until that is settled.',
      });
  }
}
