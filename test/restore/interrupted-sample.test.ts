import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { endingOf } from '../cli/support/spawn-cli.ts';
import { hashTree } from '../helpers/hash-tree.ts';
import { isHealthy, waitUntil } from '../helpers/sample.ts';
import { createRunningSample, type RunningSample } from './running-sample.ts';

const timeout = 120_000;
const apart = ['logs', 'backups'];

/** A sample that runs, with a snapshot from which a rebuilt service and the Brain differ now. */
async function createScene(): Promise<RunningSample & { readonly newer: Readonly<Record<string, string>> }> {
  const running = await createRunningSample();
  onTestFinished(running.dispose);
  expect((await running.run('run')).code).toBe(0);
  await running.post(6);
  writeFileSync(join(running.sample.root, 'codex-bridge/src/made-since.js'), 'export const since = 1;\n');
  return { ...running, newer: hashTree(running.sample.root, apart) };
}

async function expectAsBefore({ sample, newer }: Awaited<ReturnType<typeof createScene>>): Promise<void> {
  for (const port of [sample.ports.brain, sample.ports.bridge, sample.ports.desktop]) {
    expect(await isHealthy(port)).toBe(true);
  }
  await sample.stop();
  expect(hashTree(sample.root, apart)).toEqual(newer);
}

for (const point of ['restore:rebuild:done', 'restore:start:done']) {
  test(`F78: killed at ${point}, recover with another app home puts everything back and Codex runs`, {
    timeout,
  }, async () => {
    const scene = await createScene();
    const killed = scene.begin({ CODEX_BACKUP_FAIL_POINT: `kill:${point}` }, 'restore', 'latest', '--yes');
    expect((await endingOf(killed)).signal).toBe('SIGKILL');
    const { code, out, err } = await scene.runElsewhere('recover');
    expect(code, err).toBe(0);
    expect(out).toContain('was rolled back');
    expect(out).not.toContain('could not be started');
    await expectAsBefore(scene);
  });
}

test('F92, F93: Ctrl-C while services are built rolls back, with exit code 6, and Codex runs', {
  timeout,
}, async () => {
  const scene = await createScene();
  const hold = join(scene.place.folder, 'held');
  const child = scene.begin(
    { CODEX_BACKUP_FAIL_POINT: `hold:restore:rebuild:begun:${hold}` },
    'restore',
    'latest',
    '--yes',
  );
  const ending = endingOf(child);
  await waitUntil('the restore is at its rebuild', () => existsSync(hold));
  child.kill('SIGINT');
  rmSync(hold);
  const { code, err } = await ending;
  expect(code, err).toBe(6);
  expect(err).toContain('cancelled');
  await expectAsBefore(scene);
});

test('F86: a build that hangs is ended with all its processes at its time limit, and rolled back', {
  timeout,
}, async () => {
  const scene = await createScene();
  const script = join(scene.place.folder, 'hanging-build.sh');
  writeFileSync(script, `sleep 987654 & echo waiting; wait\n`);
  await scene.place.run(['settings', 'restore.build', JSON.stringify(['sh', script])]);
  await scene.place.run(['settings', 'restore.stepSeconds', '20']);
  const { code, err } = await scene.run('restore', 'latest', '--yes');
  expect(code, err).toBe(6);
  expect(err).toContain('did not end within 20 s');
  await expectAsBefore(scene);
});

test('F81: a Codex that does not stop is left running, and the message says who holds what', { timeout }, async () => {
  const scene = await createScene();
  await scene.place.run(['settings', 'restore.stop', '["true"]']);
  const { code, err } = await scene.run('restore', 'latest', '--yes');
  expect(code, err).toBe(6);
  expect(err).toContain('Codex did not stop');
  expect(err).toContain(`port ${scene.sample.ports.brain}`);
  await expectAsBefore(scene);
});

test("a command that is missing from the login shell's PATH is found out before anything is stopped", {
  timeout,
}, async () => {
  const scene = await createScene();
  await scene.place.run(['settings', 'restore.start', '["no-such-program"]']);
  const { code, err } = await scene.run('restore', 'latest', '--yes');
  expect(code, err).toBe(1);
  expect(err).toContain('no-such-program');
  expect(scene.sample.output()).not.toContain('killed');
  await expectAsBefore(scene);
});
