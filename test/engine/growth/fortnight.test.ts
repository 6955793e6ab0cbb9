import { expect, test } from 'vitest';
import { createSeededRandom } from '../code/seeded-random.ts';
import { minute, simulateFortnight } from './fortnight.ts';

const scale = Number(process.env['SCALE'] ?? 1);

test('C51, C52, G117: through a fortnight of faults no row gets older than 16 minutes unsaved, or the state says so', () => {
  for (let seed = 1; seed <= 10 * scale; seed++) {
    const random = createSeededRandom(seed);
    const result = simulateFortnight(() => random.below(1e9) / 1e9);
    for (const [fault, count] of Object.entries(result.faults))
      expect(count, `${fault} of seed ${seed}`).toBeGreaterThan(0);
    expect(result.rows).toBeGreaterThan(10_000);
    // A watcher that was killed in the fifteenth minute comes back half a minute later, and looks then.
    expect(result.oldestUnsavedMs, `seed ${seed}`).toBeLessThanOrEqual(16.25 * minute);
    expect(result.oldestUntoldMs, `seed ${seed}`).toBeLessThanOrEqual(31 * minute);
    expect(result.failures).toBeLessThanOrEqual(60);
    expect(result.snapshots).toBeLessThanOrEqual(14 * 24 * 30);
  }
});
