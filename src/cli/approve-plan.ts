import { AppError } from '../shared/app-error.ts';
import type { RestorePlan } from '../shared/restore-plan.ts';
import type { CommandContext } from './command.ts';
import { formatPlan } from './output/plan-text.ts';
import { createTextStyle } from './output/text-style.ts';

/** The question is asked on standard error, where nothing is known of colours. */
const plainStyle = createTextStyle({ colors: false, width: Number.POSITIVE_INFINITY, now: 0 });

/** Shows a plan and asks for a yes, unless `--yes` is given; the answer is for this very plan. */
export function planApprover({ input, confirm }: CommandContext): (plan: RestorePlan) => Promise<void> {
  const isSure = input.flag('yes');
  if (!isSure && confirm === undefined) {
    throw new AppError('usage', 'A restore needs a yes, and there is no terminal to ask at.', {
      hint: 'See what it would do with --dry-run; give --yes to do it without being asked.',
    });
  }
  return async (plan) => {
    if (isSure || plan.steps.length === 0) return;
    const agreed = await confirm?.(`${formatPlan(plan, plainStyle)}\n\nDo this? [y/N] `);
    if (agreed !== true) {
      throw new AppError('cancelled', 'Nothing was changed.', { hint: 'Answer y, or give --yes, to go ahead.' });
    }
  };
}
