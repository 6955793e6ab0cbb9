import { AppError } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { RecoveredRestore } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { OperationOptions } from '../engine.ts';
import { findInterrupted } from '../restore/list-restores.ts';
import { asOwnerOfRoot } from './with-locks.ts';

/** Finishes or rolls back restores that a crash interrupted. AppError `busy` while one is under way. */
export async function recover(
  context: EngineContext,
  { onProgress }: OperationOptions = {},
): Promise<readonly RecoveredRestore[]> {
  if (findInterrupted(context.root()).length === 0) return [];
  // Every snapshot asks; what a recovery needs is loaded when there is one.
  const { recoverRestores } = await import('../restore/recover-restores.ts');
  return asOwnerOfRoot(context, 'recover', () => recoverRestores(context, onProgress));
}

/** As `recover`, at the start of a command that writes; a restore that is still under way is left to its process. */
export async function recoverFirst(context: EngineContext, onProgress: OnProgress | undefined): Promise<void> {
  try {
    await recover(context, onProgress === undefined ? {} : { onProgress });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'busy') throw error;
  }
}
