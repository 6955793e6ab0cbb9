import { expect, test } from 'vitest';
import { retentionChoices, rulesOf } from '../../../src/renderer/first-run/retention-choices.ts';
import { shownChecks } from '../../../src/renderer/first-run/shown-checks.ts';
import { settingsSchema } from '../../../src/shared/settings.ts';

test('the first run shows the worst checks first, and not what it asks about itself', () => {
  const finding = (code: string, level: 'ok' | 'warning' | 'error') => ({ code, level, message: code, hint: '' });
  const { fine, others } = shownChecks([
    finding('root', 'ok'),
    finding('space', 'ok'),
    finding('link', 'warning'),
    finding('brain', 'error'),
    finding('uncovered-service', 'warning'),
    finding('no-snapshot', 'warning'),
  ]);
  expect(others.map(({ code }) => code)).toEqual(['brain', 'link']);
  expect(fine.map(({ code }) => code)).toEqual(['space']);
});

test('every answer about how long snapshots stay fits the settings; one of them removes nothing', () => {
  for (const { value } of retentionChoices) settingsSchema.parse({ retention: rulesOf(value) });
  expect(rulesOf('all')).toEqual({ afterEachSnapshot: false });
});
