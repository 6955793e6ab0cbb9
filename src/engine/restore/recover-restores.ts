import { rmSync } from 'node:fs';
import type { OnProgress } from '../../shared/progress.ts';
import type { RecoveredRestore } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import { continueJournal } from './journal.ts';
import { findInterrupted, type PastRestore } from './list-restores.ts';
import { noteBaseline } from './note-baseline.ts';
import { journalFile, removeStaged } from './restore-folder.ts';
import { rollBack } from './roll-back.ts';
import { createSession } from './session.ts';

/**
 * Ends what a crash interrupted: past its commit a restore is finished, before it everything is put back and Codex is
 * started again if it had run. All that is needed stands in the journal. The caller holds the root exclusively.
 */
export async function recoverRestores(
  context: EngineContext,
  onProgress: OnProgress | undefined,
): Promise<readonly RecoveredRestore[]> {
  const recovered: RecoveredRestore[] = [];
  for (const restore of findInterrupted(context.root())) {
    context.logger.warn(`The restore ${restore.folder.id} was interrupted; it is being recovered.`);
    recovered.push({ id: restore.folder.id, ...(await recoverOne(context, restore, onProgress)) });
  }
  return recovered;
}

async function recoverOne(
  context: EngineContext,
  { folder, begin, records }: PastRestore,
  onProgress: OnProgress | undefined,
): Promise<Omit<RecoveredRestore, 'id'>> {
  if (begin === undefined) {
    // It never began, so its folder holds nothing of the user's: no file at all.
    rmSync(folder.path, { recursive: true });
    return { outcome: 'rolled-back', startProblem: null };
  }
  const journal = continueJournal(journalFile(folder));
  try {
    if (records.some(({ kind }) => kind === 'commit')) {
      noteBaseline(context, records);
      removeStaged(folder);
      journal.append({ kind: 'end', outcome: 'restored' });
      return { outcome: 'restored', startProblem: null };
    }
    const session = createSession(context, { folder, journal, services: begin.services, onProgress });
    const { startProblem } = await rollBack(session, 'it was interrupted');
    return { outcome: 'rolled-back', startProblem };
  } finally {
    journal.close();
  }
}
