import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../helpers/close-threads-late.ts', import.meta.url));

test('closing the threads is waited for, even when an answer of theirs is still on its way', {
  timeout: 120_000,
}, () => {
  for (const waitMs of [200, 400, 500, 600, 700, 800, 900]) {
    const { stdout, status } = spawnSync(process.execPath, [script, String(waitMs)], { encoding: 'utf8' });
    expect({ waitMs, stdout, status }).toEqual({ waitMs, stdout: 'done', status: 0 });
  }
});
