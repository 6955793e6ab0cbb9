import { expect, test } from 'vitest';
import { formatFullIn } from '../../src/shared/full-disk-text.ts';

test.each([
  [0, 'full in less than a day'],
  [1, 'full in 1 day'],
  [90, 'full in 90 days'],
  [91, 'full in about 3 months'],
  [701, 'full in about 2 years'],
  [38_325, 'not full for ten years and more'],
])('a disk that has room for %i days is %s', (days, text) => {
  expect(formatFullIn(days)).toBe(text);
});
