import type { Snapshot } from '../../shared/model.ts';
import type { EngineContext } from '../context.ts';
import { readCatalog } from '../snapshot/catalog.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';

/** Every snapshot, newest first. */
export function list(context: EngineContext): readonly Snapshot[] {
  return readCatalog(requireBackups(context)).map(({ snapshot }) => snapshot);
}
