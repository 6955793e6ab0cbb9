import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listProcesses } from '../../src/engine/platform/process-list.ts';
import { reportError } from '../../src/shared/app-error.ts';
import { isHealthy, waitUntil } from '../helpers/sample.ts';
import { useRolledBackSample } from './rolled-back-sample.ts';

const timeout = 240_000;
const current = useRolledBackSample();

test("a command that is missing from the login shell's PATH is found out before anything is stopped", async () => {
  const scene = current();
  await scene.place.run(['settings', 'restore.start', '["no-such-program"]']);
  const { code, err } = await scene.run('restore', scene.id, '--yes');
  expect(code, err).toBe(1);
  expect(err).toContain('no-such-program');
  expect(scene.sample.output()).not.toContain('killed');
});

test('F81: a Codex that does not stop is left running, and the message says who holds what', { timeout }, async () => {
  const scene = current();
  const engine = scene.engine({ stopMs: 1000 });
  onTestFinished(() => engine.close());
  await engine.changeSetting('restore.stop', '["true"]');
  const failure: unknown = await engine.restore(scene.id).catch((error: unknown) => error);
  expect(reportError(failure)).toMatchObject({ code: 'restore-rolled-back' });
  expect(reportError(failure).message).toContain('Codex did not stop');
  expect(reportError(failure).message).toContain(`port ${scene.sample.ports.brain}`);
});

test('F86: a build that hangs is ended with all its processes at its time limit, and rolled back', {
  timeout,
}, async () => {
  const scene = current();
  const script = join(scene.place.folder, 'hanging-build.sh');
  const pidFile = join(scene.place.folder, 'sleeper.pid');
  writeFileSync(script, `sleep 987654 & echo $! > '${pidFile}'; echo waiting; wait\n`);
  await scene.place.run(['settings', 'restore.build', JSON.stringify(['sh', script])]);
  await scene.place.run(['settings', 'restore.stepSeconds', '12']);
  // Without addresses that limit is none for the start that ends the rollback: it is waited for here.
  await scene.place.run(['settings', 'restore.healthUrls', '[]']);
  const { code, err } = await scene.run('restore', scene.id, '--yes');
  expect(code, err).toBe(6);
  expect(err).toContain('did not end within 12 s');
  const sleeper = Number(readFileSync(pidFile, 'utf8'));
  expect((await listProcesses()).map(({ pid }) => pid)).not.toContain(sleeper);
  for (const url of scene.sample.healthUrls) {
    const port = Number(new URL(url).port);
    await waitUntil(`Codex answers on ${port}`, () => isHealthy(port), undefined, scene.sample.output, 100_000);
  }
});
