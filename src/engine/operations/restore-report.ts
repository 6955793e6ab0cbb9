import { join } from 'node:path';
import type { RestorePlan, RestoreReport } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { RestoreFolder } from '../restore/restore-folder.ts';

/** What is told of a restore that is done; `outcome` undefined where nothing had to be done. */
export function describeOutcome(
  context: EngineContext,
  plan: RestorePlan,
  outcome:
    | { readonly folder: RestoreFolder; readonly safety: string | null; readonly startProblem: string | null }
    | undefined,
  startedAt: number,
): RestoreReport {
  const durationMs = Math.max(0, Math.round(context.clock.now() - startedAt));
  const { warnings } = plan;
  if (outcome === undefined)
    return { id: null, plan, safety: null, replaced: null, startProblem: null, durationMs, warnings };
  const { folder, safety, startProblem } = outcome;
  context.logger.info(`${plan.what} ${folder.id} of ${plan.source}: done in ${durationMs} ms.`);
  return { id: folder.id, plan, safety, replaced: join(folder.path, 'replaced'), startProblem, durationMs, warnings };
}
