import type { RetentionRules } from '../../shared/retention.ts';
import { capitalise } from '../../shared/words.ts';
import { ruleFields, ruleTexts } from './rules.ts';

/** `The last 10 snapshots, every one for 1 day, one per day for 14 days stay.` */
export function ruleSentence(rules: RetentionRules, byteBase: 1000 | 1024): string {
  const texts = ruleTexts(rules, byteBase);
  const parts = ruleFields
    .filter(({ key }) => texts[key] !== '')
    .map(
      ({ key, label, unit }) => `${label.toLowerCase()} ${texts[key]} ${texts[key] === '1' ? singular(unit) : unit}`,
    );
  return parts.length === 0 ? 'All snapshots stay.' : `${capitalise(parts.join(', '))}.`;
}

function singular(unit: string): string {
  return unit.replace(/s$/, '');
}
