import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { listProcesses } from '../../src/engine/platform/process-list.ts';
import { endingOf } from '../cli/support/spawn-cli.ts';
import { snapshotOf } from '../faults/support/json-ending.ts';
import { hashTree } from '../helpers/hash-tree.ts';
import { isHealthy, waitUntil } from '../helpers/sample.ts';
import { createRunningSample, type RunningSample } from './running-sample.ts';

const timeout = 120_000;
const apart = ['logs', 'backups'];

/** One running sample for all tests: each restore of it is rolled back, so each finds it as the one before did. */
let scene: RunningSample;
/** The snapshot from which a rebuilt service and the Brain differ now; restores take more snapshots. */
let id: string;
let newer: Readonly<Record<string, string>>;
let settingsFile: string;
let settings: string;

beforeAll(async () => {
  scene = await createRunningSample();
  id = snapshotOf(await scene.run('run', '--json')).id;
  await scene.post(6);
  writeFileSync(join(scene.sample.root, 'codex-bridge/src/made-since.js'), 'export const since = 1;\n');
  newer = hashTree(scene.sample.root, apart);
  settingsFile = join(scene.place.folder, 'app/settings.json');
  settings = readFileSync(settingsFile, 'utf8');
}, timeout);
afterAll(() => scene.dispose());

beforeEach(async () => {
  writeFileSync(settingsFile, settings);
  await expectAsBefore();
});
afterEach(expectAsBefore);

async function expectAsBefore(): Promise<void> {
  const { ports, root } = scene.sample;
  for (const port of [ports.brain, ports.bridge, ports.desktop]) expect(await isHealthy(port)).toBe(true);
  expect(hashTree(root, apart)).toEqual(newer);
}

test("a command that is missing from the login shell's PATH is found out before anything is stopped", async () => {
  await scene.place.run(['settings', 'restore.start', '["no-such-program"]']);
  const { code, err } = await scene.run('restore', id, '--yes');
  expect(code, err).toBe(1);
  expect(err).toContain('no-such-program');
  expect(scene.sample.output()).not.toContain('killed');
});

test('F81: a Codex that does not stop is left running, and the message says who holds what', { timeout }, async () => {
  await scene.place.run(['settings', 'restore.stop', '["true"]']);
  const { code, err } = await scene.run('restore', id, '--yes');
  expect(code, err).toBe(6);
  expect(err).toContain('Codex did not stop');
  expect(err).toContain(`port ${scene.sample.ports.brain}`);
});

for (const point of ['restore:rebuild:done', 'restore:start:done']) {
  test(`F78: killed at ${point}, recover with another app home puts everything back and Codex runs`, {
    timeout,
  }, async () => {
    const killed = scene.begin({ CODEX_BACKUP_FAIL_POINT: `kill:${point}` }, 'restore', id, '--yes');
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
  const hold = join(scene.place.folder, 'held');
  const child = scene.begin({ CODEX_BACKUP_FAIL_POINT: `hold:restore:rebuild:begun:${hold}` }, 'restore', id, '--yes');
  const ending = endingOf(child);
  await waitUntil('the restore is at its rebuild', () => existsSync(hold));
  child.kill('SIGINT');
  rmSync(hold);
  const { code, err } = await ending;
  expect(code, err).toBe(6);
  expect(err).toContain('cancelled');
});

test('F86: a build that hangs is ended with all its processes at its time limit, and rolled back', {
  timeout,
}, async () => {
  const script = join(scene.place.folder, 'hanging-build.sh');
  const pidFile = join(scene.place.folder, 'sleeper.pid');
  writeFileSync(script, `sleep 987654 & echo $! > '${pidFile}'; echo waiting; wait\n`);
  await scene.place.run(['settings', 'restore.build', JSON.stringify(['sh', script])]);
  await scene.place.run(['settings', 'restore.stepSeconds', '12']);
  const { code, err } = await scene.run('restore', id, '--yes');
  expect(code, err).toBe(6);
  expect(err).toContain('did not end within 12 s');
  const sleeper = Number(readFileSync(pidFile, 'utf8'));
  expect((await listProcesses()).map(({ pid }) => pid)).not.toContain(sleeper);
});
