import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/helpers/longest-first.ts';

/** `SCALE=10 npm test` runs fuzz, kill loops and simulations ten times longer, and may take that long. */
const scale = Math.max(1, Number(process.env['SCALE'] ?? 1));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Forked processes, not threads: tests hold SQLite files, set umask and the working folder, and kill what they start.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    globalSetup: 'test/helpers/warm-launcher.ts',
    // Made for two cores: half of the time of a test goes by waiting for services, browsers, disks and clocks.
    maxWorkers: 5,
    testTimeout: 60_000 * scale,
    hookTimeout: 60_000 * scale,
    // A state is waited for as long as a slow machine may need; the default of one second is none of a loaded one.
    expect: { poll: { timeout: 20_000 * scale, interval: 20 } },
  },
});
