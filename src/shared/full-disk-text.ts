import { formatCount } from './format.ts';

/** When a disk will be full, for people: `full in 12 days`, `full in about 5 months`, `not full for ten years and more`. */
export function formatFullIn(days: number): string {
  if (days < 1) return 'full in less than a day';
  if (days <= 90) return `full in ${formatCount(days, 'day')}`;
  if (days <= 700) return `full in about ${formatCount(Math.round(days / 30), 'month')}`;
  if (days < 3650) return `full in about ${formatCount(Math.round(days / 365), 'year')}`;
  return 'not full for ten years and more';
}
