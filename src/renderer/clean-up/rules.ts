import { formatNumber } from '../../shared/format.ts';
import type { RetentionRules } from '../../shared/retention.ts';

/** The rules in the order in which they are asked for: the nearest first. */
export const ruleFields = [
  { key: 'keepLast', label: 'The last', unit: 'snapshots' },
  { key: 'keepWithinDays', label: 'Every one for', unit: 'days' },
  { key: 'keepHourly', label: 'One per hour for', unit: 'hours' },
  { key: 'keepDaily', label: 'One per day for', unit: 'days' },
  { key: 'keepWeekly', label: 'One per week for', unit: 'weeks' },
  { key: 'keepMonthly', label: 'One per month for', unit: 'months' },
  { key: 'keepYearly', label: 'One per year for', unit: 'years' },
  { key: 'maxBytes', label: 'The newest, up to', unit: 'GB' },
] as const;

export type RuleKey = (typeof ruleFields)[number]['key'];
/** As typed; empty where a rule is not set. */
export type RuleTexts = Readonly<Record<RuleKey, string>>;

export interface ParsedRules {
  /** Without the rules that are wrong. */
  readonly rules: RetentionRules;
  readonly errors: Partial<Readonly<Record<RuleKey, string>>>;
}

const mostCount = 1_000_000;
const mostDays = 36_500;

/** Reads what was typed: whole numbers, days and GB with decimals as well. */
export function parseRules(texts: RuleTexts, byteBase: 1000 | 1024): ParsedRules {
  const rules: Partial<Record<RuleKey, number>> = {};
  const errors: Partial<Record<RuleKey, string>> = {};
  for (const { key } of ruleFields) {
    const text = texts[key].trim().replaceAll(',', '');
    if (text === '') continue;
    const parsed = parseRule(key, text, byteBase);
    if (typeof parsed === 'number') rules[key] = parsed;
    else errors[key] = parsed.error;
  }
  return { rules, errors };
}

/** As `parseRules` reads them. */
export function ruleTexts(rules: RetentionRules, byteBase: 1000 | 1024): RuleTexts {
  const text = (key: RuleKey): string => {
    const value = rules[key];
    if (value === undefined) return '';
    return String(key === 'maxBytes' ? Math.round((value / byteBase ** 3) * 1000) / 1000 : value);
  };
  return {
    keepLast: text('keepLast'),
    keepWithinDays: text('keepWithinDays'),
    keepHourly: text('keepHourly'),
    keepDaily: text('keepDaily'),
    keepWeekly: text('keepWeekly'),
    keepMonthly: text('keepMonthly'),
    keepYearly: text('keepYearly'),
    maxBytes: text('maxBytes'),
  };
}

/** One change of a setting; null resets it. */
export interface RuleChange {
  readonly key: `retention.${RuleKey | 'afterEachSnapshot'}`;
  readonly text: string | null;
}

export interface KeptRules extends RetentionRules {
  readonly afterEachSnapshot: boolean;
}

/**
 * What to set to come from one set of rules to another. Settings change one by one, and a snapshot may be taken in
 * between: so cleaning up after each is off until all the others are as they should be.
 */
export function ruleChanges(from: KeptRules, to: KeptRules): readonly RuleChange[] {
  const rules = ruleFields
    .filter(({ key }) => from[key] !== to[key])
    .map(({ key }): RuleChange => ({ key: `retention.${key}`, text: to[key] === undefined ? null : String(to[key]) }));
  const after = (text: string | null): RuleChange => ({ key: 'retention.afterEachSnapshot', text });
  const pause = from.afterEachSnapshot && rules.length > 0 ? [after(null)] : [];
  const isOnNow = from.afterEachSnapshot && pause.length === 0;
  const last = to.afterEachSnapshot === isOnNow ? [] : [after(to.afterEachSnapshot ? 'true' : null)];
  return [...pause, ...rules, ...last];
}

function parseRule(key: RuleKey, text: string, byteBase: 1000 | 1024): number | { readonly error: string } {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) return { error: 'A number, or nothing for no such rule.' };
  if (key === 'maxBytes') return value > 0 ? Math.round(value * byteBase ** 3) : { error: 'More than 0.' };
  if (key === 'keepWithinDays') {
    return value > 0 && value <= mostDays ? value : { error: `More than 0, at most ${formatNumber(mostDays)}.` };
  }
  if (!Number.isInteger(value)) return { error: 'A whole number.' };
  return value >= 1 && value <= mostCount ? value : { error: `From 1 to ${formatNumber(mostCount)}.` };
}
