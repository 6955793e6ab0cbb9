import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';
import type { CaptureLimits } from './capture-limits.ts';
import { isBusy, lockedDatabase } from './database-errors.ts';
import { pragmaNumber } from './database-facts.ts';
import type { OpenDatabase } from './open-database.ts';

const retryMs = 25;

/**
 * Begins a read transaction and takes its lock, waiting at most `lockWaitMs` for other programs. The returned function
 * ends it and tells for how many milliseconds the lock was held.
 */
export async function holdSnapshot(
  source: OpenDatabase,
  limits: CaptureLimits,
  lockWaitMs: number,
): Promise<() => number> {
  const giveUpAt = performance.now() + lockWaitMs;
  for (;;) {
    limits.check();
    const error = tryBegin(source);
    if (error === undefined) break;
    if (!isBusy(error)) throw error;
    if (performance.now() > giveUpAt) throw lockedDatabase(source.path, error);
    await pause(retryMs, limits.signal);
  }
  const heldSince = performance.now();
  return () => {
    source.db.exec('ROLLBACK');
    return performance.now() - heldSince;
  };
}

/** Sleeps, and ends as cancelled when the signal says so. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    throw new AppError('cancelled', 'Waiting was cancelled.', { cause: error });
  }
}

/** `data_version` takes the lock without parsing the schema, which may be damaged. Returns what was thrown. */
function tryBegin({ db }: OpenDatabase): unknown {
  db.exec('BEGIN');
  try {
    pragmaNumber(db, 'data_version');
    return undefined;
  } catch (error) {
    db.exec('ROLLBACK');
    return error;
  }
}
