import type { Snapshot } from '../../shared/model.ts';
import type { EngineContext } from '../context.ts';
import { openSnapshot, resolveSnapshot } from '../snapshot/catalog.ts';
import { type Meta, updateMeta } from '../snapshot/meta.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { asWriter } from './with-locks.ts';

/** How long a small change waits for a snapshot that is being taken. */
const waitMs = 2000;

export function pin(context: EngineContext, reference: string, pinned: boolean): Promise<Snapshot> {
  return changeRecord(context, reference, (meta) => ({ ...meta, pinned }));
}

export function note(context: EngineContext, reference: string, text: string): Promise<Snapshot> {
  return changeRecord(context, reference, (meta) => ({ ...meta, note: text }));
}

/** Changes what is known of a snapshot beside it; the snapshot itself is never touched. */
export async function changeRecord(
  context: EngineContext,
  reference: string,
  change: (meta: Meta) => Meta,
): Promise<Snapshot> {
  const backups = requireBackups(context);
  const { snapshot } = resolveSnapshot(backups, reference);
  return asWriter(
    context,
    'record',
    async () => {
      updateMeta(backups, snapshot.id, (meta) => change({ ...meta, legacy: snapshot.status === 'legacy' }));
      return openSnapshot(backups, snapshot.id).snapshot;
    },
    waitMs,
  );
}
