import type { HostCalls } from './host-calls.ts';
import type { HostState, OfferedPlan } from './host-state.ts';
import { showPlan } from './shown-plan.ts';

type RestoreCalls = 'planRestore' | 'planUndo' | 'restores' | 'discardRestore' | 'planPrune';

/** Plans, and what came of those before. */
export function createRestoreCalls(state: HostState): Pick<HostCalls, RestoreCalls> {
  const { options, plans, tell } = state;
  const offer = (offered: OfferedPlan) => ({
    ticket: plans.issue(offered),
    madeAt: new Date(options.now()).toISOString(),
    plan: showPlan(offered.plan),
  });
  return {
    planRestore: async ({ id, ...wish }, { signal }) => {
      return offer({ kind: 'restore', id, wish, plan: await state.engine().planRestore(id, { ...wish, signal }) });
    },
    planUndo: async ({ restore }, { signal }) => {
      const plan = await state.engine().planUndo({ restore, signal });
      return offer({ kind: 'undo', restore, plan });
    },
    restores: () => state.engine().restores(),
    discardRestore: async ({ restore }) => {
      const record = await state.engine().discardRestore(restore);
      tell({ kind: 'restoresChanged' });
      return record;
    },
    planPrune: ({ rules }) => state.engine().planPrune(rules),
  };
}
