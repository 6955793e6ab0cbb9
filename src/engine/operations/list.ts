import type { Snapshot } from '../../shared/model.ts';
import type { EngineContext } from '../context.ts';
import { readCatalog } from '../snapshot/catalog.ts';

/** Every snapshot, newest first. */
export function list(context: EngineContext): readonly Snapshot[] {
  return readCatalog(context.backups()).map(({ snapshot }) => snapshot);
}
