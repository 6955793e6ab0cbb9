import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSmallCodex } from '../../helpers/small-codex.ts';

test('shows one level at a time, folders first with what lies below them', async () => {
  const { root, engine } = createSmallCodex();
  mkdirSync(join(root, 'codex-brain/src/deep'), { recursive: true });
  writeFileSync(join(root, 'codex-brain/src/a.js'), '12345');
  writeFileSync(join(root, 'codex-brain/src/deep/b.js'), '123');
  symlinkSync('src/a.js', join(root, 'codex-brain/link.js'));
  const { id } = await engine.run({ trigger: 'manual' });
  const level = await engine.folder(id, 'codex-brain');
  expect(level.entries.map(({ name, kind, bytes, files }) => [name, kind, bytes, files])).toEqual([
    ['codex-brain-data', 'folder', 0, 0],
    ['src', 'folder', 8, 2],
    ['link.js', 'link', 0, 1],
    ['package.json', 'file', 22, 1],
  ]);
  expect((await engine.folder(id, 'codex-brain', 3)).entries.map(({ name }) => name)).toEqual(['package.json']);
  expect((await engine.findFiles(id, 'SRC deep')).entries.map(({ path }) => path)).toEqual([
    'codex-brain/src/deep/b.js',
  ]);
  expect(await engine.findFiles(id, '', 1)).toMatchObject({ total: 4, entries: [{}] });
  await expect(engine.folder(id, 'elsewhere')).rejects.toMatchObject({ code: 'entry-missing' });
});

test('previews text, says when it is cut or no text, and compares a file line by line', async () => {
  const { root, engine } = createSmallCodex();
  writeFileSync(join(root, 'codex-brain/notes.txt'), 'one\ntwo\nthree\n');
  writeFileSync(join(root, 'codex-brain/long.txt'), 'ä'.repeat(200_000));
  writeFileSync(join(root, 'codex-brain/picture.png'), Buffer.from([137, 80, 78, 71, 0, 1]));
  const { id } = await engine.run({ trigger: 'manual' });
  expect(await engine.preview(id, 'codex-brain/notes.txt')).toMatchObject({
    kind: 'text',
    text: 'one\ntwo\nthree\n',
    isCut: false,
  });
  expect(await engine.preview(id, 'codex-brain/long.txt')).toMatchObject({ kind: 'text', isCut: true, bytes: 400_000 });
  expect(await engine.preview(id, 'codex-brain/picture.png')).toMatchObject({ kind: 'binary', text: '' });
  expect(await engine.fileDiff(id, 'codex-brain/notes.txt', 'now')).toMatchObject({ state: 'same', hunks: [] });
  appendFileSync(join(root, 'codex-brain/notes.txt'), 'four\n');
  const diff = await engine.fileDiff(id, 'codex-brain/notes.txt', 'now');
  expect(diff.state).toBe('changed');
  expect(diff.hunks[0]?.lines.at(-1)).toEqual({ kind: 'added', text: 'four' });
});

test('F102: a comparison with now reads nothing that the snapshot does not hold, and follows no link out of the root', async () => {
  const { root, engine } = createSmallCodex();
  mkdirSync(join(root, 'codex-brain/src'));
  writeFileSync(join(root, 'codex-brain/src/a.js'), 'inside');
  const { id } = await engine.run({ trigger: 'manual' });
  writeFileSync(join(root, '.env'), 'SECRET=1');
  for (const path of ['.env', '../outside', 'codex-brain/../.env', '/etc/passwd']) {
    await expect(engine.fileDiff(id, path, 'now')).rejects.toMatchObject({ code: 'entry-missing' });
    await expect(engine.preview(id, path)).rejects.toMatchObject({ code: 'entry-missing' });
  }
  const outside = join(root, '..', 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'a.js'), 'outside');
  renameSync(join(root, 'codex-brain/src'), join(root, 'codex-brain/src-before'));
  symlinkSync(outside, join(root, 'codex-brain/src'));
  expect(await engine.fileDiff(id, 'codex-brain/src/a.js', 'now')).toMatchObject({ state: 'removed' });
});

test('shows the tables against the snapshot before and against now, and the newest memories', async () => {
  const { engine, change } = createSmallCodex();
  await engine.run({ trigger: 'manual' });
  change(`INSERT INTO events (json, createdAt) VALUES ('later', '2025-12-01T00:00:00.000Z')`);
  const { id } = await engine.run({ trigger: 'manual' });
  change(`INSERT INTO events (json) VALUES ('not saved yet')`);
  const [brain] = await engine.databases(id);
  expect(brain?.tables.find(({ name }) => name === 'events')).toEqual({
    name: 'events',
    rows: 51,
    sincePrevious: 1,
    madeSince: 1,
  });
  const [newest] = await engine.newestMemories(id, { limit: 2 });
  expect(newest).toMatchObject({ table: 'events', rowid: 51, values: { json: 'later' } });
  expect(await engine.newestMemories(id, { table: 'purse', limit: 3 })).toHaveLength(3);
});

test('says what has changed, whoever changed it', async () => {
  const { engine } = createSmallCodex();
  const before = await engine.stamps();
  expect(await engine.stamps()).toEqual(before);
  const { id } = await engine.run({ trigger: 'manual' });
  const taken = await engine.stamps();
  expect(taken.snapshots).not.toBe(before.snapshots);
  await engine.note(id, 'a note');
  expect((await engine.stamps()).snapshots).not.toBe(taken.snapshots);
  await engine.changeSetting('watch.changeMinutes', '7');
  expect((await engine.stamps()).settings).not.toBe(taken.settings);
  // The engine goes by the settings of now.
  expect((await engine.settings()).settings.watch.changeMinutes).toBe(7);
});

test('checks a setting without changing it', async () => {
  const { engine } = createSmallCodex();
  await expect(engine.checkSetting('watch.intervalSeconds', 'often')).rejects.toMatchObject({
    code: 'settings-invalid',
  });
  await engine.checkSetting('watch.intervalSeconds', '30');
  expect((await engine.settings()).settings.watch.intervalSeconds).toBe(60);
});
