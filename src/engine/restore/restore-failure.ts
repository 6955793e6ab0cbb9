import { AppError } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import { writeFailure } from '../platform/system-failure.ts';

/**
 * Turns what the system says of a failed read or write of a restore into an error that names the file and says what to
 * do. Anything else passes through.
 */
export function restoreFailure(error: unknown, folder: string): unknown {
  const failure = writeFailure(error, folder);
  if (failure === error || !(failure instanceof AppError) || failure.code !== 'backups-unwritable') return failure;
  // Here it may be any file of the Codex folder.
  return new AppError('io', failure.message, { hint: failure.hint ?? '', cause: error });
}

/** Does the work of a restore; what the system says of a failure passes through `restoreFailure`. */
export async function namingFailures<T>(context: EngineContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw restoreFailure(error, context.root());
  }
}
