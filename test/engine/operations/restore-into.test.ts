import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RestoreOptions } from '../../../src/engine/engine.ts';
import { brainFile, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';
import { takeLegacySnapshot } from '../../helpers/legacy-snapshot.ts';

test('a snapshot is built in another folder, its databases in their places, and the root is not touched', async () => {
  const place = createCodexPlace('wal');
  await place.engine.run({ trigger: 'manual' });
  place.remember(4);
  const before = hashTree(place.root, ['backups']);
  const target = join(place.base, 'elsewhere/Codex');
  const report = await place.engine.restoreInto('latest', target);
  expect(report.plan.root).toBe(target);
  const built = hashTree(target);
  const covered = Object.entries(before).filter(([path]) => path.startsWith('codex-voice') || path === 'package.json');
  for (const [path, hash] of covered) expect(built[path], path).toBe(hash);
  expect(readFileSync(join(target, brainFile)).readUInt8(18)).toBe(2);
  expect(existsSync(join(target, 'codex-brain/.env'))).toBe(false);
  expect(hashTree(place.root, ['backups'])).toEqual(before);
});

test('a folder that holds something, or lies in the Codex folder, is refused', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  const full = join(place.base, 'full');
  mkdirSync(full);
  writeFileSync(join(full, 'mine.txt'), 'mine');
  await expect(place.engine.restoreInto('latest', full)).rejects.toMatchObject({ code: 'target-exists' });
  expect(readdirSync(full)).toEqual(['mine.txt']);
  const inside = place.engine.restoreInto('latest', join(place.root, 'inside'));
  await expect(inside).rejects.toMatchObject({ code: 'usage' });
});

test('a plan for another folder says what would come there, and makes nothing', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  const target = join(place.base, 'elsewhere');
  const plan = await place.engine.planRestoreInto('latest', target, { paths: ['codex-brain'] });
  expect(plan).toMatchObject({ what: 'restore', root: target, paths: ['codex-brain'] });
  expect(plan.databases.map(({ path }) => path)).toEqual([brainFile]);
  expect(plan.space.neededBytes).toBeGreaterThan(plan.databases[0]?.bytesThen ?? Number.POSITIVE_INFINITY);
  expect(plan.space.freeBytes).toBeGreaterThan(plan.space.neededBytes);
  expect(readdirSync(place.base).filter((name) => name.startsWith('elsewhere'))).toEqual([]);
});

test('paths that the snapshot does not hold, and what has no meaning elsewhere, are refused and make nothing', async () => {
  const place = createCodexPlace();
  takeLegacySnapshot(place);
  await place.engine.run({ trigger: 'manual' });
  const target = join(place.base, 'elsewhere');
  const into = (reference: string, options: RestoreOptions) => place.engine.restoreInto(reference, target, options);
  for (const reference of ['latest', '2025-11-22']) {
    await expect(into(reference, { paths: ['codex-brain', 'nope'] })).rejects.toMatchObject({
      code: 'entry-missing',
      message: expect.stringContaining('nope'),
    });
  }
  await expect(into('latest', { keepNewer: true })).rejects.toMatchObject({ code: 'usage' });
  await expect(into('latest', { keepExtra: true })).rejects.toMatchObject({ code: 'usage' });
  expect(readdirSync(place.base).filter((name) => name.startsWith('elsewhere'))).toEqual([]);
});

test('a restore into a folder that is cancelled leaves nothing there', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  const controller = new AbortController();
  controller.abort();
  const target = join(place.base, 'elsewhere');
  const failing = place.engine.restoreInto('latest', target, { signal: controller.signal });
  await expect(failing).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(place.base).filter((name) => name.startsWith('elsewhere'))).toEqual([]);
});

test('E70, E71: a v1.5 snapshot is built without its node_modules, its Brain inside, and links that lead out', async () => {
  const place = createCodexPlace();
  const canary = join(place.base, 'canary');
  mkdirSync(canary);
  symlinkSync(canary, join(place.root, 'codex-voice/out'));
  const legacy = join(place.root, 'backups', takeLegacySnapshot(place));
  place.remember(5);
  const live = hashTree(place.root);
  const target = join(place.base, 'elsewhere');
  const { warnings } = await place.engine.restoreInto('2025-11-22', target);
  expect(existsSync(join(target, 'codex-brain/node_modules'))).toBe(false);
  expect(existsSync(join(target, 'codex-brain/.env'))).toBe(false);
  expect(readFileSync(join(target, 'codex-voice/src/current.js'), 'utf8')).toContain('voice');
  expect(existsSync(join(target, 'codex-voice/out'))).toBe(false);
  expect(warnings.map(({ message }) => message).join('\n')).toContain('codex-voice/out');
  // The Brain is the one that was copied beside the archive, not the torn one inside.
  expect(readFileSync(join(target, brainFile))).toEqual(readFileSync(join(legacy, 'codex-brain.db')));
  expect(hashTree(place.root)).toEqual({ ...live, ...lockFiles(hashTree(place.root)) });
});

const lockFiles = (tree: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => path.startsWith('backups/.locks')));
