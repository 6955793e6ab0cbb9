import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brainFile, type CodexPlace, createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';

const withoutServices = { useServices: false } as const;
/** What a restore does not touch. */
const apart = ['backups'];

/** Changes the code in every way that there is. */
function changeCode({ root, write }: CodexPlace): void {
  write('codex-brain/src/brain.js', 'export const brain = ;\n');
  write('codex-brain/src/new.js', 'made since\n');
  write('codex-brain/lib/deep/also-new.js', 'made since\n');
  unlinkSync(join(root, 'codex-brain/src/old.js'));
  rmSync(join(root, 'codex-voice'), { recursive: true });
}

test('everything comes back as it was, and what no snapshot covers stays byte for byte', async () => {
  const place = createCodexPlace();
  const before = hashTree(place.root, [...apart, 'codex-brain/codex-brain-data']);
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  changeCode(place);
  const report = await place.engine.restore('latest', withoutServices);
  expect(hashTree(place.root, [...apart, 'codex-brain/codex-brain-data'])).toEqual(before);
  expect(place.events()).toBe(50);
  expect(report.safety).toMatch(/^codex-backup-/);
  expect((await place.engine.show(report.safety ?? '')).trigger).toBe('pre-restore');
});

test('a plan names what will be added, changed, removed and lost, and changes nothing', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  changeCode(place);
  const before = hashTree(place.root, ['backups/.locks']);
  const plan = await place.engine.planRestore('latest', withoutServices);
  expect(hashTree(place.root, ['backups/.locks'])).toEqual(before);
  expect(plan.code?.changes.map(({ path, change }) => `${change} ${path}`)).toEqual([
    'removed codex-brain/lib/deep/also-new.js',
    'changed codex-brain/src/brain.js',
    'removed codex-brain/src/new.js',
    'added codex-brain/src/old.js',
    'added codex-voice/src/current.js',
    'added codex-voice/src/run.sh',
    'added codex-voice/src/voice.js',
  ]);
  const events = plan.databases[0]?.tables.find(({ name }) => name === 'events');
  expect(events).toEqual({
    name: 'events',
    rowsNow: 57,
    rowsThen: 50,
    rowsLost: 7,
    lostFrom: '2025-11-23T00:00:00.000Z',
    lostTo: '2025-11-23T00:00:06.000Z',
    isKept: false,
  });
});

test('undo brings back exactly what a restore replaced, and can itself be undone', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(7);
  changeCode(place);
  const newer = hashTree(place.root, apart);
  await place.engine.restore('latest', withoutServices);
  const restored = hashTree(place.root, apart);
  await place.engine.undo(withoutServices);
  expect(hashTree(place.root, apart)).toEqual(newer);
  await place.engine.undo(withoutServices);
  expect(hashTree(place.root, apart)).toEqual(restored);
  expect((await place.engine.restores()).map(({ what, state }) => `${what} ${state}`)).toEqual([
    'undo restored',
    'undo undone',
    'restore undone',
  ]);
});

test('rows and files made after a restore are kept by its undo, not lost', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  changeCode(place);
  await place.engine.restore('latest', withoutServices);
  place.remember(3);
  place.write('codex-voice/src/made-after.js', 'precious\n');
  const plan = await place.engine.planUndo(withoutServices);
  expect(plan.databases[0]?.tables.find(({ name }) => name === 'events')?.rowsLost).toBe(3);
  expect(plan.code?.changes).toContainEqual(
    expect.objectContaining({ path: 'codex-voice/src/made-after.js', change: 'removed' }),
  );
  const { replaced } = await place.engine.undo(withoutServices);
  const kept = readdirSync(replaced ?? '', { recursive: true }).map(String);
  expect(kept.some((path) => path.endsWith('codex-voice/src/made-after.js'))).toBe(true);
  expect(kept.some((path) => path.endsWith(brainFile))).toBe(true);
});

test('only the Brain comes back when only the Brain is asked for', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(2);
  changeCode(place);
  const code = hashTree(place.root, [...apart, 'codex-brain/codex-brain-data']);
  await place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
  expect(hashTree(place.root, [...apart, 'codex-brain/codex-brain-data'])).toEqual(code);
  expect(place.events()).toBe(50);
});

test('a code restore leaves the Brain, its side files, .env and node_modules as they are', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(2);
  changeCode(place);
  place.write('codex-brain/.env', 'TOKEN=newer\n');
  const own = ['codex-brain/.env', 'codex-brain/node_modules', 'codex-brain/codex-brain-data', 'notes'];
  const before = own.map((path) =>
    hashTree(join(place.root, path.includes('.env') ? 'codex-brain' : path), ['src', 'lib']),
  );
  await place.engine.restore('latest', { ...withoutServices, scope: 'code' });
  const after = own.map((path) =>
    hashTree(join(place.root, path.includes('.env') ? 'codex-brain' : path), ['src', 'lib']),
  );
  expect(after).toEqual(before);
  expect(place.events()).toBe(52);
});

test('single files and folders come back, and nothing else', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  changeCode(place);
  const paths = ['codex-brain/src/old.js', './codex-voice/'];
  await place.engine.restore('latest', { ...withoutServices, scope: 'code', paths });
  expect(existsSync(join(place.root, 'codex-brain/src/old.js'))).toBe(true);
  expect(existsSync(join(place.root, 'codex-voice/src/current.js'))).toBe(true);
  expect(existsSync(join(place.root, 'codex-brain/src/new.js'))).toBe(true);
  expect(readFileSync(join(place.root, 'codex-brain/src/brain.js'), 'utf8')).toContain('= ;');
  const unknown = place.engine.restore('latest', { ...withoutServices, paths: ['codex-brain/nowhere.js'] });
  await expect(unknown).rejects.toMatchObject({ code: 'entry-missing' });
});

test('files that are not in the snapshot stay where the user asks for it', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  changeCode(place);
  const { plan } = await place.engine.restore('latest', { ...withoutServices, keepExtra: true });
  expect(plan.code?.kept).toContain('codex-brain/src/new.js');
  expect(existsSync(join(place.root, 'codex-brain/src/new.js'))).toBe(true);
  expect(existsSync(join(place.root, 'codex-brain/src/old.js'))).toBe(true);
});

test('a snapshot whose archive is damaged is found out before anything is touched', async () => {
  const place = createCodexPlace();
  const { path } = await place.engine.run({ trigger: 'manual' });
  changeCode(place);
  place.remember(1);
  const before = hashTree(place.root, apart);
  const archive = join(path, 'codex-code.tar.gz');
  const bytes = readFileSync(archive);
  bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
  chmodSync(archive, 0o600);
  writeFileSync(archive, bytes);
  await expect(place.engine.restore('latest', withoutServices)).rejects.toMatchObject({ code: 'snapshot-damaged' });
  expect(hashTree(place.root, apart)).toEqual(before);
});

test('a Brain in the snapshot that does not match its hash is found out before anything is touched', async () => {
  const place = createCodexPlace();
  const { path } = await place.engine.run({ trigger: 'manual' });
  const before = hashTree(place.root, apart);
  const copy = join(path, 'codex-brain.db');
  chmodSync(copy, 0o600);
  const bytes = readFileSync(copy);
  bytes[bytes.length - 10] = 1;
  writeFileSync(copy, bytes);
  const failing = place.engine.restore('latest', { ...withoutServices, scope: 'brain' });
  await expect(failing).rejects.toMatchObject({ code: 'snapshot-damaged' });
  expect(hashTree(place.root, apart)).toEqual(before);
});

test('F92: cancelling before anything was moved leaves everything as it was', async () => {
  for (const phase of ['stage', 'safety', 'swap'] as const) {
    const place = createCodexPlace();
    await place.engine.run({ trigger: 'manual' });
    place.remember(3);
    changeCode(place);
    const before = hashTree(place.root, apart);
    const controller = new AbortController();
    const failing = place.engine.restore('latest', {
      ...withoutServices,
      signal: controller.signal,
      onProgress: (event) => {
        if (event.phase === phase) controller.abort(new Error('the user pressed Ctrl-C'));
      },
    });
    await expect(failing, phase).rejects.toMatchObject({ code: 'cancelled' });
    expect(hashTree(place.root, apart), phase).toEqual(before);
  }
});

test("a restore and a snapshot keep out of each other's way", async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(1);
  await place.engine.restore('latest', {
    ...withoutServices,
    approve: async () => {
      await expect(place.engine.run({ trigger: 'growth' })).rejects.toMatchObject({ code: 'busy' });
    },
  });
});

test('a restore of which the user has discarded the kept files is not undone', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  place.remember(1);
  const { id } = await place.engine.restore('latest', withoutServices);
  await place.engine.discardRestore(id ?? '');
  expect(await place.engine.restores()).toEqual([]);
  await expect(place.engine.undo(withoutServices)).rejects.toMatchObject({ code: 'restore-missing' });
});
