import { AppError } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { RecoveredRestore } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { OperationOptions } from '../engine.ts';
import { findInterrupted } from '../restore/list-restores.ts';
import { type Happening, recordOutcome } from './record-activity.ts';
import { asOwnerOfRoot } from './with-locks.ts';

/** Finishes or rolls back restores that a crash interrupted. AppError `busy` while one is under way. */
export async function recover(
  context: EngineContext,
  { onProgress }: OperationOptions = {},
): Promise<readonly RecoveredRestore[]> {
  if (findInterrupted(context.root()).length === 0) return [];
  // Every snapshot asks; what a recovery needs is loaded when there is one.
  const { recoverRestores } = await import('../restore/recover-restores.ts');
  const { namingFailures } = await import('../restore/restore-failure.ts');
  const recoverAll = () =>
    namingFailures(context, () => asOwnerOfRoot(context, 'recover', () => recoverRestores(context, onProgress)));
  const failure = 'An interrupted restore could not be recovered';
  return recordOutcome(context, { kind: 'recover', failure }, recoverAll, describeRecovered);
}

function describeRecovered(recovered: readonly RecoveredRestore[]): Omit<Happening, 'kind'> | undefined {
  if (recovered.length === 0) return undefined;
  const told = recovered.map(({ id, outcome, startProblem }) => {
    const end = outcome === 'restored' ? 'was finished' : 'was rolled back';
    return `${id} was interrupted and ${end}.${startProblem === null ? '' : ` Codex does not run: ${startProblem}`}`;
  });
  const ok = recovered.every(({ startProblem }) => startProblem === null);
  return { ok, snapshot: null, message: told.join(' ') };
}

/** As `recover`, at the start of a command that writes; a restore that is still under way is left to its process. */
export async function recoverFirst(context: EngineContext, onProgress: OnProgress | undefined): Promise<void> {
  try {
    await recover(context, onProgress === undefined ? {} : { onProgress });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'busy') throw error;
  }
}
