import type { Alarm } from '../../shared/results.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';

/** Why nothing may be removed now, as the end of "an alarm stands: "; null when all is well. */
export function findAlarm(catalog: readonly CatalogEntry[], raised: Alarm | null): string | null {
  if (raised !== null) return `${raised.message} "codex-backup acknowledge" ends it`;
  const newest = catalog.find(({ manifest }) => manifest !== null && manifest.brain !== null);
  const brain = newest?.manifest?.brain;
  return brain && brain.integrity !== 'ok' ? 'the Brain was corrupt when it was saved last' : null;
}
