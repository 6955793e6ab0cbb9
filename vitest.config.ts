import { defineConfig } from 'vitest/config';

/** `SCALE=10 npm test` runs fuzz, kill loops and simulations ten times longer, and may take that long. */
const scale = Math.max(1, Number(process.env['SCALE'] ?? 1));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Forked processes, not threads: tests hold SQLite files, set umask and the working folder, and kill what they start.
    pool: 'forks',
    globalSetup: 'test/helpers/warm-launcher.ts',
    maxWorkers: 3,
    // Faults are made with signals, full disks and other processes' timing. In CI a second try tells a machine that was
    // busy from a defect; the report names each test that needed it.
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: 60_000 * scale,
    hookTimeout: 60_000 * scale,
  },
});
