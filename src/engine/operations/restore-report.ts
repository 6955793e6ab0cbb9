import { join } from 'node:path';
import type { Warning } from '../../shared/model.ts';
import type { RestorePlan, RestoreReport, RestoreScope } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import type { CarriedOut } from '../restore/carry-out.ts';
import type { RestoreFolder } from '../restore/restore-folder.ts';
import type { Happening } from './record-activity.ts';

interface RestoreOutcome extends CarriedOut {
  readonly folder: RestoreFolder;
  readonly safety: string | null;
}

/** What is told of a restore that is done; `outcome` undefined where nothing had to be done. */
export function describeOutcome(
  context: EngineContext,
  plan: RestorePlan,
  outcome: RestoreOutcome | undefined,
  startedAt: number,
): RestoreReport {
  const durationMs = Math.max(0, Math.round(context.clock.now() - startedAt));
  if (outcome === undefined) return withoutRestore(plan, durationMs, plan.warnings);
  const { folder, ...told } = outcome;
  context.logger.info(`${plan.what} ${folder.id} of ${plan.source}: done in ${durationMs} ms.`);
  return { ...told, id: folder.id, plan, replaced: join(folder.path, 'replaced'), durationMs, warnings: plan.warnings };
}

/** What is told where the Codex folder was not touched. */
export function withoutRestore(plan: RestorePlan, durationMs: number, warnings: readonly Warning[]): RestoreReport {
  return { id: null, plan, safety: null, replaced: null, startProblem: null, health: [], durationMs, warnings };
}

/** As `activity` tells it; undefined where nothing was to be done. */
export function describeRestored(report: RestoreReport): Omit<Happening, 'kind'> | undefined {
  const { id, plan, safety, startProblem } = report;
  if (id === null) return undefined;
  const before = safety === null ? 'the files moved aside are kept' : `${safety} was taken before`;
  const told = plan.what === 'undo' ? `${plan.source} was undone` : `${wordsOf[plan.scope]} restored`;
  const start = startProblem === null ? '' : ` Codex does not run: ${startProblem}`;
  const snapshot = plan.what === 'undo' ? null : plan.source;
  return { ok: startProblem === null, snapshot, message: `${told} (${id}); ${before}.${start}` };
}

const wordsOf: Readonly<Record<RestoreScope, string>> = {
  brain: 'The Brain was',
  databases: 'The other databases were',
  code: 'The code was',
  all: 'Databases and code were',
  full: 'A fresh Codex folder was',
};
