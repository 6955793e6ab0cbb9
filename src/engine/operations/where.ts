import { AppError, reportError } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import type { Where } from '../engine.ts';

/** The folders in use; before the set-up is done there are none, and the error says why. */
export function where(context: EngineContext): Where {
  try {
    return { root: context.root(), backups: context.backups(), home: context.home, error: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { root: null, backups: null, home: context.home, error: reportError(error) };
  }
}
