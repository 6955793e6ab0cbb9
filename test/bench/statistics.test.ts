import { describe, expect, it } from 'vitest';
import { median, percentile } from '../../bench/measure/statistics.ts';

describe('median', () => {
  it('is the middle sample, whatever their order', () => {
    expect(median([30, 1, 2])).toBe(2);
  });

  it('lies halfway between the two middle ones of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  it('is no number without samples', () => {
    expect(median([])).toBeNaN();
  });

  it('compares numbers as numbers', () => {
    expect(median([10, 9, 100])).toBe(10);
  });
});

describe('percentile', () => {
  it('is the smallest sample that so many do not exceed', () => {
    const samples = Array.from({ length: 200 }, (_, i) => i + 1);
    expect(percentile(samples, 0.99)).toBe(198);
    expect(percentile(samples, 0.5)).toBe(100);
  });

  it('of few samples is the greatest', () => {
    expect(percentile([3, 7, 5], 0.99)).toBe(7);
  });
});
