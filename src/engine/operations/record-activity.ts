import { AppError, reportError } from '../../shared/app-error.ts';
import type { EngineContext } from '../context.ts';
import type { NewActivity } from '../platform/state-database.ts';

export type Happening = Omit<NewActivity, 'root'>;

/** Records what happened. A record that can't be written is logged: it is never a reason for the work to fail. */
export async function recordActivity(context: EngineContext, happening: Happening): Promise<void> {
  try {
    // Settings hold for every Codex folder.
    const root = happening.kind === 'settings' ? null : rootIfKnown(context);
    await context.state.recordActivity({ ...happening, root });
  } catch (error) {
    context.logger.warn(`This could not be recorded: "${happening.message}" ${String(error)}`);
  }
}

/** Records that something failed, unless nothing was tried: another one was at work, or the user cancelled. */
export async function recordFailure(context: EngineContext, kind: string, what: string, error: unknown): Promise<void> {
  if (error instanceof AppError && (error.code === 'busy' || error.code === 'cancelled')) return;
  await recordActivity(context, { kind, ok: false, snapshot: null, message: `${what}: ${reportError(error).message}` });
}

/** Does the work, and records what became of it; undefined where nothing was to be done. */
export async function recordOutcome<T>(
  context: EngineContext,
  { kind, failure }: { readonly kind: string; readonly failure: string },
  work: () => Promise<T>,
  describe: (result: T) => Omit<Happening, 'kind'> | undefined,
): Promise<T> {
  try {
    const result = await work();
    const happening = describe(result);
    if (happening !== undefined) await recordActivity(context, { kind, ...happening });
    return result;
  } catch (error) {
    await recordFailure(context, kind, failure, error);
    throw error;
  }
}

/** The Codex folder, or null where none is found: what happened concerns whoever looks, then. */
export function rootIfKnown(context: EngineContext): string | null {
  try {
    return context.root();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
