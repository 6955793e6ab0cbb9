import { formatBytes, formatCount } from '../../shared/format.ts';
import type { PrunePlan, RetentionRules } from '../../shared/retention.ts';
import { type YesWords, yesAsker } from '../ask-for-yes.ts';
import type { Command, CommandContext, Outcome } from '../command.ts';
import { formatPrunePlan } from '../output/prune-text.ts';
import { parseBytes, parseDays } from '../quantities.ts';

/** Removes what the rules of retention don't want: shows the plan, asks, then does it. */
export const prune: Command = {
  arguments: [],
  options: [
    { spec: '--keep-last <n>', describe: 'keep the last so many' },
    { spec: '--keep-within <span>', describe: 'keep what is not older than 12h, 30d, 4w' },
    { spec: '--keep-hourly <n>', describe: 'keep the newest of each of so many hours' },
    { spec: '--keep-daily <n>', describe: 'of so many days' },
    { spec: '--keep-weekly <n>', describe: 'of so many weeks' },
    { spec: '--keep-monthly <n>', describe: 'of so many months' },
    { spec: '--keep-yearly <n>', describe: 'of so many years' },
    { spec: '--max-size <size>', describe: 'keep the newest that fit in 500MB, 20GB' },
    { spec: '--dry-run', describe: 'show what would be done, and do nothing' },
    { spec: '--yes', describe: 'do not ask' },
  ],
  run: async (context) => {
    const { input, signal, onProgress } = context;
    if (input.flag('dryRun')) return planOutcome(await (await context.engine()).planPrune(givenRules(context)));
    const ask = yesAsker(context, words);
    const rules = givenRules(context);
    const engine = await context.engine();
    if (input.flag('yes')) return doneOutcome(await engine.prune({ ...asOption(rules), signal, onProgress }));
    const plan = await engine.planPrune(rules);
    if (plan.remove.length === 0) return planOutcome(plan);
    const question = `Remove ${formatCount(plan.remove.length, 'snapshot')} for good? [y/N] `;
    await ask((style) => `${formatPrunePlan(plan, style)}\n\n${question}`);
    // Only what the user has seen: a snapshot that is taken meanwhile changes the plan.
    const only = plan.remove.map(({ id }) => id);
    return doneOutcome(await engine.prune({ ...asOption(rules), only, signal, onProgress }));
  },
};

const words: YesWords = {
  what: 'Pruning',
  hint: 'Give --dry-run to see what it would remove, or --yes to remove it without being asked.',
  declined: 'Nothing was removed.',
};

const asOption = (rules: RetentionRules | undefined) => (rules === undefined ? {} : { rules });

/** The rules of the command line; undefined, so that those of the settings hold, when it has none. */
function givenRules({ input }: CommandContext): RetentionRules | undefined {
  const within = input.text('keepWithin');
  const size = input.text('maxSize');
  const rules: RetentionRules = {
    keepLast: input.count('keepLast', 0),
    keepWithinDays: within === undefined ? undefined : parseDays('keep-within', within),
    keepHourly: input.count('keepHourly', 0),
    keepDaily: input.count('keepDaily', 0),
    keepWeekly: input.count('keepWeekly', 0),
    keepMonthly: input.count('keepMonthly', 0),
    keepYearly: input.count('keepYearly', 0),
    maxBytes: size === undefined ? undefined : parseBytes('max-size', size),
  };
  return Object.values(rules).some((value) => value !== undefined) ? rules : undefined;
}

const planOutcome = (plan: PrunePlan): Outcome => ({
  data: { ...plan },
  text: (style) => formatPrunePlan(plan, style),
});

const doneOutcome = (done: PrunePlan): Outcome => ({
  data: { ...done },
  text: () => `Removed ${formatCount(done.remove.length, 'snapshot')}; ${formatBytes(done.freedBytes)} freed.`,
  confirms: true,
});
