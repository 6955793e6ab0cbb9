import { describe, expect, it } from 'vitest';
import { interleave, samplesOf } from '../../bench/measure/interleave.ts';

describe('interleave', () => {
  it('lets the contenders take turns, and does not count the first round', async () => {
    const turns: string[] = [];
    const contender = (name: string, factor: number) => ({
      name,
      measure: async (round: number) => {
        turns.push(`${name}${round}`);
        return round * factor;
      },
    });
    const measured = await interleave([contender('a', 1), contender('b', 10)], 2);
    expect(turns).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
    expect(measured.get('b')).toEqual({ cold: 0, samples: [10, 20] });
    expect(samplesOf(measured, 'a')).toEqual([1, 2]);
  });

  it('has no samples of what took no part', () => {
    expect(samplesOf(new Map(), 'borg')).toEqual([]);
  });
});
