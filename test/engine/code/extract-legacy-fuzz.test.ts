import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const run = promisify(execFile);
const scale = Number(process.env['SCALE'] ?? 1);
/** Of each seed; with SCALE=10 half a million, so that both together make a million. */
const count = Math.round(1000 * scale ** 2.699);
const timeout = 120_000 * Math.max(1, count / 1000);
const script = fileURLToPath(new URL('./fuzz-legacy.ts', import.meta.url));

test.each([1, 2])(
  'E69-E75: randomly damaged archives never crash, hang or leave the folder, seed %i',
  async (seed) => {
    const { stdout } = await run(process.execPath, [script, String(seed), String(count), temporaryFolder()], {
      timeout,
    });
    const outcomes: unknown = JSON.parse(stdout);
    // The faults fired, and did not always end at the first checksum.
    expect(outcomes).toMatchObject({
      damaged: expect.any(Number),
      written: expect.any(Number),
      refused: expect.any(Number),
    });
  },
  timeout,
);
