import type { KeptRules } from '../clean-up/rules.ts';

/** How long snapshots stay, as the first run asks it. */
export const retentionChoices = [
  {
    value: 'all',
    label: 'Until you clean up',
    detail: 'Nothing goes by itself. The overview says when the disk fills.',
    rules: { afterEachSnapshot: false },
  },
  {
    value: 'year',
    label: 'A year',
    detail: 'Every one for 24 hours, one per hour for 7 days, one per day for 8 weeks, one per week for a year.',
    rules: { keepWithinDays: 1, keepHourly: 168, keepDaily: 56, keepWeekly: 52, afterEachSnapshot: true },
  },
  {
    value: 'weeks',
    label: 'Two weeks',
    detail: 'Every one for 24 hours, then one per day.',
    rules: { keepWithinDays: 1, keepDaily: 14, afterEachSnapshot: true },
  },
] as const satisfies readonly {
  readonly value: string;
  readonly label: string;
  readonly detail: string;
  readonly rules: KeptRules;
}[];

export type RetentionChoice = (typeof retentionChoices)[number]['value'];

/** The rules of a choice. */
export function rulesOf(choice: RetentionChoice): KeptRules {
  return retentionChoices.find(({ value }) => value === choice)?.rules ?? { afterEachSnapshot: false };
}
