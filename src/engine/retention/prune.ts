import { failPoint } from '../platform/fail-point.ts';
import { removeMeta } from '../snapshot/meta.ts';
import { moveToTrashAndDelete } from '../snapshot/staging.ts';

export interface RemovalOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each one that is gone. */
  readonly onRemoved?: (id: string) => void;
}

/** Removes snapshots one by one, in that order; each is whole or gone. The caller holds the writer and the removal lock. */
export function removeSnapshots(backups: string, ids: readonly string[], options: RemovalOptions = {}): void {
  for (const id of ids) {
    options.signal?.throwIfAborted();
    moveToTrashAndDelete(backups, id);
    removeMeta(backups, id);
    failPoint('remove:record');
    options.onRemoved?.(id);
  }
}
