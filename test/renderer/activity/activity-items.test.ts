import { expect, test } from 'vitest';
import { activityItems } from '../../../src/renderer/activity/activity-items.ts';
import { activityWord, matchesActivity } from '../../../src/renderer/activity/activity-kinds.ts';
import type { Activity } from '../../../src/shared/results.ts';

const now = new Date(2025, 10, 20, 14, 35).getTime();
const entry = (id: number, hoursAgo: number, more: Partial<Activity> = {}): Activity => ({
  id,
  at: new Date(now - hoursAgo * 3_600_000).toISOString(),
  kind: 'snapshot',
  ok: true,
  snapshot: null,
  message: 'Snapshot taken (growth).',
  ...more,
});

test('entries stand under their day, and a day that comes twice has two headings', () => {
  const items = activityItems([entry(4, 1), entry(3, 2), entry(2, 30), entry(1, 3)], now);
  expect(items.map((item) => (item.kind === 'day' ? `${item.label} ${item.count}` : item.key))).toEqual([
    'Today 2',
    '4',
    '3',
    'Yesterday 1',
    '2',
    'Today 1',
    '1',
  ]);
  expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
});

test('a filter takes kinds, problems and words; a kind of a newer version is shown by its own name', () => {
  const failed = entry(1, 1, { ok: false, message: 'No snapshot was taken: disk is full.' });
  expect(matchesActivity(failed, 'all', 'FULL disk')).toBe(true);
  expect(matchesActivity(failed, 'problems', '')).toBe(true);
  expect(matchesActivity(entry(1, 1), 'problems', '')).toBe(false);
  expect(matchesActivity(failed, 'changes', '')).toBe(false);
  const newer = entry(2, 1, { kind: 'constructor' });
  expect(matchesActivity(newer, 'changes', '')).toBe(false);
  expect(activityWord(newer)).toBe('constructor');
});
