import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFaultPlace, type FaultPlace } from '../faults/support/fault-place.ts';
import { errorOf } from '../faults/support/json-ending.ts';
import { giveToPlainUser, plainUser, whyNoPlainUser } from '../faults/support/plain-user.ts';
import { hashTree } from '../helpers/hash-tree.ts';

const apart = ['backups'];

/** A Codex of an ordinary user with one snapshot and a change since. */
async function createScene(): Promise<FaultPlace> {
  const place = createFaultPlace();
  giveToPlainUser(place.folder);
  expect((await place.run(['run', '--json'], plainUser)).code).toBe(0);
  writeFileSync(join(place.root, 'codex-brain/src/index.js'), 'changed since\n');
  giveToPlainUser(place.folder);
  return place;
}

function close(folder: string): void {
  chmodSync(folder, 0o500);
  onTestFinished(() => chmodSync(folder, 0o700));
}

describe.skipIf(whyNoPlainUser)(`as a user who is not root${whyNoPlainUser ? ` (${whyNoPlainUser})` : ''}`, () => {
  test('F84: a folder that can not be written is found out before anything is stopped', async () => {
    const place = await createScene();
    close(join(place.root, 'codex-brain/src'));
    const before = hashTree(place.root, apart);
    const ending = await place.run(['restore', 'latest', '--yes', '--json'], plainUser);
    expect(ending.code).toBe(1);
    expect(errorOf(ending).code).toBe('restore-refused');
    expect(errorOf(ending).message).toContain('codex-brain/src can not be written: EACCES');
    expect(hashTree(place.root, apart)).toEqual(before);
  });

  test('F84: where nothing can be kept beside the Codex folder, a restore says so, and one into another folder works', async () => {
    const place = await createScene();
    rmSync(join(place.folder, '.Codex-restores'), { recursive: true, force: true });
    const target = join(place.folder, 'elsewhere', 'Codex');
    mkdirSync(dirname(target));
    giveToPlainUser(place.folder);
    close(place.folder);
    const before = hashTree(place.root, apart);
    const refused = await place.run(['restore', 'latest', '--no-services', '--yes', '--json'], plainUser);
    expect(refused.code).toBe(1);
    expect(errorOf(refused).message).toContain(`${place.folder}`);
    expect(errorOf(refused).hint).toMatch(/permissions/);
    expect(hashTree(place.root, apart)).toEqual(before);
    expect((await place.run(['restore', 'latest', '--to', target, '--json'], plainUser)).code).toBe(0);
    expect(readdirSync(target)).toContain('codex-brain');
    const full = await place.run(
      ['restore', 'latest', '--only', 'full', '--no-services', '--yes', '--json'],
      plainUser,
    );
    expect(errorOf(full).code).toBe('restore-refused');
  });
});
