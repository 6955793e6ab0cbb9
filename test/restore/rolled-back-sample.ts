import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { snapshotOf } from '../faults/support/json-ending.ts';
import { hashTree } from '../helpers/hash-tree.ts';
import { isHealthy } from '../helpers/sample.ts';
import { createRunningSample, type RunningSample } from './running-sample.ts';

/** A running sample, and the snapshot from which a service that is rebuilt and the Brain differ now. */
export interface RolledBackSample extends RunningSample {
  readonly id: string;
}

const apart = ['logs', 'backups'];

/**
 * One running sample for all tests of a file, none of which restores it for good: before and after each, Codex runs
 * and every file is as it was. The answer is for use in the tests.
 */
export function useRolledBackSample(): () => RolledBackSample {
  let scene: RolledBackSample | undefined;
  const current = (): RolledBackSample => {
    if (scene === undefined) throw new Error('the sample is made before the tests');
    return scene;
  };
  let newer: Readonly<Record<string, string>> = {};
  let settings = '';
  const settingsFile = () => join(current().place.folder, 'app/settings.json');
  const expectAsBefore = async (): Promise<void> => {
    const { ports, root } = current().sample;
    for (const port of [ports.brain, ports.bridge, ports.desktop]) expect(await isHealthy(port)).toBe(true);
    expect(hashTree(root, apart)).toEqual(newer);
  };
  beforeAll(async () => {
    const running = await createRunningSample();
    scene = { ...running, id: snapshotOf(await running.run('run', '--json')).id };
    await scene.post(6);
    writeFileSync(join(scene.sample.root, 'codex-bridge/src/made-since.js'), 'export const since = 1;\n');
    newer = hashTree(scene.sample.root, apart);
    settings = readFileSync(settingsFile(), 'utf8');
  }, 180_000);
  beforeEach(async () => {
    writeFileSync(settingsFile(), settings);
    await expectAsBefore();
  });
  afterEach(expectAsBefore);
  afterAll(() => scene?.dispose());
  return current;
}
