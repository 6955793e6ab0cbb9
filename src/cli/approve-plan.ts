import type { RestorePlan } from '../shared/restore-plan.ts';
import { yesAsker } from './ask-for-yes.ts';
import type { CommandContext } from './command.ts';
import { formatPlan } from './output/plan-text.ts';

/** Shows a plan and asks for a yes, unless `--yes` is given; the answer is for this very plan. */
export function planApprover(context: CommandContext): (plan: RestorePlan) => Promise<void> {
  const ask = yesAsker(context, {
    what: 'A restore',
    hint: 'See what it would do with --dry-run; give --yes to do it without being asked.',
    declined: 'Nothing was changed.',
  });
  return async (plan) => {
    if (plan.steps.length > 0) await ask((style) => `${formatPlan(plan, style)}\n\nDo this? [y/N] `);
  };
}
