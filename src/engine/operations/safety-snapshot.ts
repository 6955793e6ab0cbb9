import { AppError, type ErrorCode } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { EngineContext } from '../context.ts';
import { createSnapshot } from '../snapshot/create-snapshot.ts';
import { prepareBackups } from '../snapshot/prepare-backups.ts';
import { asWriter } from './with-locks.ts';

/** Failures that lie in the Brain itself, which may be why it is replaced. */
const brainFailures: ReadonlySet<ErrorCode> = new Set([
  'brain-missing',
  'brain-empty',
  'brain-not-sqlite',
  'brain-encrypted',
  'brain-locked',
  'brain-unreadable',
  'check-failed',
]);

const waitMs = 10_000;

/**
 * Saves everything as it is before a restore replaces it. Null, with the reason, where the Brain can't be captured: then
 * the files that are moved aside are the safety copy. Any other failure is thrown, and ends the restore.
 */
export async function takeSafetySnapshot(
  context: EngineContext,
  signal: AbortSignal,
  onProgress: OnProgress | undefined,
): Promise<{ readonly snapshot: string | null; readonly reason: string }> {
  prepareBackups(context);
  const progress = onProgress === undefined ? {} : { onProgress };
  const take = () => createSnapshot(context, { trigger: 'pre-restore', signal, ...progress });
  try {
    const { id } = await asWriter(context, 'snapshot', take, waitMs);
    return { snapshot: id, reason: '' };
  } catch (error) {
    if (!(error instanceof AppError) || !brainFailures.has(error.code)) throw error;
    context.logger.warn(`No safety snapshot: ${error.message}`);
    return { snapshot: null, reason: error.message };
  }
}
