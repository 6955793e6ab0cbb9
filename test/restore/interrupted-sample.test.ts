import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endingOf } from '../cli/support/spawn-cli.ts';
import { waitUntil } from '../helpers/sample.ts';
import { useRolledBackSample } from './rolled-back-sample.ts';

const timeout = 240_000;
const current = useRolledBackSample();

for (const point of ['restore:rebuild:done', 'restore:start:done']) {
  test(`F78: killed at ${point}, recover with another app home puts everything back and Codex runs`, {
    timeout,
  }, async () => {
    const scene = current();
    const killed = scene.begin({ CODEX_BACKUP_FAIL_POINT: `kill:${point}` }, 'restore', scene.id, '--yes');
    expect((await endingOf(killed)).signal).toBe('SIGKILL');
    const { code, out, err } = await scene.runElsewhere('recover');
    expect(code, err).toBe(0);
    expect(out).toContain('was rolled back');
    expect(out).not.toContain('could not be started');
  });
}

test('F92, F93: Ctrl-C while services are built rolls back, with exit code 6, and Codex runs', {
  timeout,
}, async () => {
  const scene = current();
  const hold = join(scene.place.folder, 'held');
  const child = scene.begin(
    { CODEX_BACKUP_FAIL_POINT: `hold:restore:rebuild:begun:${hold}` },
    'restore',
    scene.id,
    '--yes',
  );
  const ending = endingOf(child);
  const isHeld = (): boolean => existsSync(hold);
  await waitUntil('the restore is at its rebuild', isHeld, child, scene.sample.output, 100_000);
  child.kill('SIGINT');
  rmSync(hold);
  const { code, err } = await ending;
  expect(code, err).toBe(6);
  expect(err).toContain('cancelled');
});
