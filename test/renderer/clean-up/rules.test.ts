import { describe, expect, test } from 'vitest';
import { ruleSentence } from '../../../src/renderer/clean-up/rule-sentence.ts';
import { parseRules, type RuleTexts, ruleChanges, ruleTexts } from '../../../src/renderer/clean-up/rules.ts';

const none: RuleTexts = ruleTexts({}, 1000);

describe('rules as they are typed', () => {
  test('an empty field is no rule, and what was saved is shown as it was typed', () => {
    expect(parseRules(none, 1000)).toEqual({ rules: {}, errors: {} });
    const rules = { keepLast: 10, keepWithinDays: 1.5, maxBytes: 20_000_000_000 };
    expect(parseRules(ruleTexts(rules, 1000), 1000)).toEqual({ rules, errors: {} });
  });

  test('GB are those of the system', () => {
    expect(parseRules({ ...none, maxBytes: '2' }, 1024).rules).toEqual({ maxBytes: 2 * 1024 ** 3 });
    expect(ruleTexts({ maxBytes: 2 * 1024 ** 3 }, 1024).maxBytes).toBe('2');
  });

  test('what is no number is told beside its field and not planned with', () => {
    const texts = { ...none, keepLast: 'ten', keepDaily: '1.5', keepHourly: '0', keepWeekly: '8', maxBytes: '0' };
    const { rules, errors } = parseRules(texts, 1000);
    expect(rules).toEqual({ keepWeekly: 8 });
    expect(Object.keys(errors)).toEqual(['keepLast', 'keepHourly', 'keepDaily', 'maxBytes']);
  });
});

describe('saving rules one by one', () => {
  test('sets what differs, and nothing else', () => {
    const from = { keepLast: 10, keepDaily: 7, afterEachSnapshot: false };
    const to = { keepDaily: 14, keepWeekly: 8, afterEachSnapshot: false };
    expect(ruleChanges(from, to)).toEqual([
      { key: 'retention.keepLast', text: null },
      { key: 'retention.keepDaily', text: '14' },
      { key: 'retention.keepWeekly', text: '8' },
    ]);
    expect(ruleChanges(to, to)).toEqual([]);
  });

  test('no snapshot that comes in between is cleaned up after by half of the rules', () => {
    const from = { keepLast: 10, afterEachSnapshot: true };
    const to = { keepDaily: 14, afterEachSnapshot: true };
    const changes = ruleChanges(from, to);
    expect(changes.at(0)).toEqual({ key: 'retention.afterEachSnapshot', text: null });
    expect(changes.at(-1)).toEqual({ key: 'retention.afterEachSnapshot', text: 'true' });
    expect(ruleChanges({ afterEachSnapshot: false }, to).at(-1)?.key).toBe('retention.afterEachSnapshot');
    expect(ruleChanges(from, { ...from, afterEachSnapshot: false })).toHaveLength(1);
  });
});

test('the rules are one sentence', () => {
  expect(ruleSentence({}, 1000)).toBe('All snapshots stay.');
  expect(ruleSentence({ keepLast: 10, keepWithinDays: 1 }, 1000)).toBe('The last 10 snapshots, every one for 1 day.');
});
