import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { decodeManifest, encodeManifest } from '../../../src/engine/snapshot/manifest.ts';
import { createBrain } from '../../helpers/brain.ts';
import { type CodexPlace, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';

const withoutServices = { useServices: false } as const;
const apart = ['backups'];
const ledger = 'codex-voice/ledger.db';

async function warningsOf({ engine }: CodexPlace): Promise<readonly string[]> {
  return (await engine.planRestore('latest', withoutServices)).warnings.map(({ code }) => code);
}

test('a plan warns where the snapshot was taken of another folder, or with another Node', async () => {
  const place = createCodexPlace();
  const { path } = await place.engine.run({ trigger: 'manual' });
  expect(await warningsOf(place)).toEqual([]);
  const file = join(path, 'manifest.json');
  const manifest = decodeManifest(readFileSync(file), file);
  writeFileSync(file, encodeManifest({ ...manifest, root: '/home/before/Codex', nodeVersion: 'v20.1.0' }));
  expect(await warningsOf(place)).toEqual(['other-root', 'node-differs']);
});

test('a plan warns of a snapshot that is incomplete, and names what it lacks; that stays where it is', async () => {
  const place = createCodexPlace();
  writeFileSync(join(place.root, ledger), `SQLite format 3\0${'garbage '.repeat(2000)}`);
  const { status } = await place.engine.run({ trigger: 'manual' });
  expect(status).toBe('incomplete');
  place.write('codex-voice/src/voice.js', 'changed\n');
  const { plan } = await place.engine.restore('latest', withoutServices);
  expect(plan.warnings.map(({ code }) => code)).toContain('snapshot-not-verified');
  expect(plan.warnings.map(({ message }) => message).join('\n')).toContain(ledger);
  expect(readFileSync(join(place.root, ledger), 'utf8')).toContain('garbage');
});

test('only the other databases come back when only they are asked for', async () => {
  const place = createCodexPlace();
  createBrain(join(place.root, ledger));
  const then = hashTree(place.root, apart);
  await place.engine.run({ trigger: 'manual' });
  renameSync(join(place.root, ledger), join(place.base, 'lost.db'));
  place.remember(7);
  place.write('codex-voice/src/voice.js', 'changed\n');
  const newer = hashTree(place.root, apart);
  const { plan } = await place.engine.restore('latest', { ...withoutServices, scope: 'databases' });
  expect(plan.databases.map(({ path, change }) => [path, change])).toEqual([[ledger, 'create']]);
  expect(plan.code).toBeNull();
  const now = hashTree(place.root, apart);
  expect(now).toEqual({ ...newer, [ledger]: now[ledger] });
  // Its mode is the source's; its pages are those that were saved.
  expect(now[ledger]?.split(' ').slice(0, 2)).toEqual(then[ledger]?.split(' ').slice(0, 2));
  await place.engine.undo(withoutServices);
  expect(hashTree(place.root, apart)).toEqual(newer);
});

test('only the latest restore can be undone; for an earlier one the message names its safety snapshot', async () => {
  const place = createCodexPlace();
  const { id } = await place.engine.run({ trigger: 'manual' });
  place.write('codex-voice/src/voice.js', 'second\n');
  const first = await place.engine.restore(id, { ...withoutServices, scope: 'code' });
  place.write('codex-voice/src/voice.js', 'third\n');
  await place.engine.restore(id, { ...withoutServices, scope: 'code' });
  const before = hashTree(place.root, apart);
  await expect(place.engine.undo({ ...withoutServices, restore: first.id ?? '' })).rejects.toMatchObject({
    code: 'restore-refused',
    hint: expect.stringContaining(`codex-backup restore ${first.safety}`),
  });
  expect(hashTree(place.root, apart)).toEqual(before);
});

test('a snapshot without a Brain brings its code back, and leaves today’s Brain', async () => {
  const place = createCodexPlace();
  const { id, path } = await place.engine.run({ trigger: 'manual' });
  const file = join(path, 'manifest.json');
  const manifest = decodeManifest(readFileSync(file), file);
  renameSync(join(path, 'codex-brain.db'), join(place.base, 'taken.db'));
  const files = manifest.files.filter((each) => each.file !== 'codex-brain.db');
  writeFileSync(file, encodeManifest({ ...manifest, brain: null, files }));
  place.remember(7);
  place.write('codex-voice/src/voice.js', 'changed\n');
  const engine = createEngine({ root: place.root, home: place.home, env: { ...process.env }, logger: silentLogger });
  onTestFinished(() => engine.close());
  await engine.restore(id, withoutServices);
  expect(place.events()).toBe(57);
  expect(readFileSync(join(place.root, 'codex-voice/src/voice.js'), 'utf8')).toContain('voice = 1');
  const full = await engine.planRestore(id, { ...withoutServices, scope: 'full' });
  expect(full.warnings.map(({ code }) => code)).toContain('no-brain');
});
