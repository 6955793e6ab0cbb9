import { reportError } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import { noteRestoredBrain } from '../snapshot/current-baseline.ts';
import type { JournalRecord } from './journal-records.ts';
import { listRestores } from './list-restores.ts';

/**
 * After its commit: the Brain's baseline becomes the restored snapshot, or, after an undo, the safety snapshot that the
 * undone restore had taken. The restore holds even when this can't be written; exposure is then overstated.
 */
export function noteBaseline(context: EngineContext, records: readonly JournalRecord[]): void {
  const begin = records.find((record) => record.kind === 'begin');
  if (begin === undefined || !begin.replaces.includes(context.brainPath())) return;
  try {
    noteRestoredBrain(context, begin.what === 'restore' ? begin.source : findSafety(context, begin.source));
  } catch (error) {
    context.logger.warn(`The baseline after this restore could not be noted: ${reportError(error).message}`);
  }
}

function findSafety(context: EngineContext, id: string): string | null {
  const undone = listRestores(context.root()).find(({ folder }) => folder.id === id);
  const safety = undone?.records.find((record) => record.kind === 'safety');
  return safety?.kind === 'safety' ? safety.snapshot : null;
}
