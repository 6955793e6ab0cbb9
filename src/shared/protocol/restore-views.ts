import type { CodePlan, RestorePlan, RestoreReport } from '../restore-plan.ts';

/** A plan as a window shows it: of its changes the first thousand, each of its lists with its length. */
export interface ShownPlan extends Omit<RestorePlan, 'code'> {
  readonly code: ShownCodePlan | null;
}

export interface ShownCodePlan extends Omit<CodePlan, 'moves'> {
  readonly totals: { readonly changes: number; readonly kept: number; readonly asideWithUncovered: number };
}

/** A plan to be confirmed: `start` names it by its ticket, for an hour. */
export interface PlanOffer {
  readonly ticket: string;
  readonly madeAt: string;
  readonly plan: ShownPlan;
}

export interface ShownReport extends Omit<RestoreReport, 'plan'> {
  readonly plan: ShownPlan;
}
