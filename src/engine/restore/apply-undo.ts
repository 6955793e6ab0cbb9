import { join } from 'node:path';
import type { RestorePlan } from '../../shared/restore-plan.ts';
import type { EngineContext } from '../context.ts';
import { type ApplyOptions, beginSession, finish } from './apply-restore.ts';
import { inverseChanges } from './inverse-changes.ts';
import type { PastRestore } from './list-restores.ts';
import { inodeOf, makeChanges, type WantedChange } from './moves.ts';
import { refuseOpen } from './refuse-open.ts';
import { inRoot } from './session.ts';

/** Carries out an undo: a restore of its own, with a journal, a safety snapshot, and an undo. */
export async function applyUndo(
  context: EngineContext,
  restore: PastRestore,
  plan: RestorePlan,
  options: ApplyOptions & { readonly useServices: boolean },
) {
  const session = beginSession(context, plan, options.useServices, options);
  const { base, own } = session.folder;
  const swap = async (): Promise<void> => {
    await refuseOpen(plan.databases.map(({ path }) => inRoot(session, path)));
    for (const changes of inverseChanges(restore.records, restore.folder, `${own}/replaced`)) {
      makeChanges(
        base,
        session.journal,
        changes.filter((change) => isThere(base, change)),
      );
    }
  };
  const { takeSafetySnapshot, signal } = options;
  // The Codex of before may be the broken one for which somebody restored.
  const work = { plan, stage: async () => undefined, takeSafetySnapshot, swap, mustStart: false };
  return finish(session, work, signal);
}

/** What the user has since removed need not be moved. */
const isThere = (base: string, change: WantedChange): boolean =>
  change.kind !== 'move' || inodeOf(join(base, change.from)) !== undefined;
