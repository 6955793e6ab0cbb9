import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Snapshot, Trigger } from '../../../src/shared/model.ts';
import { createFaultPlace, snapshotNames } from '../../faults/support/fault-place.ts';

/** A place with as many snapshots as there are triggers, oldest first. */
async function placeWith(triggers: readonly Trigger[]) {
  const place = createFaultPlace();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  const snapshots: Snapshot[] = [];
  for (const trigger of triggers) snapshots.push(await engine.run({ trigger }));
  return { place, engine, ids: snapshots.map(({ id }) => id) };
}

const manual = (count: number) => Array.from({ length: count }, () => 'manual' as const);

test('pruning removes what was planned, frees what was said, and a second time nothing', async () => {
  const { place, engine, ids } = await placeWith(manual(4));
  await engine.pin(ids[0] ?? '', true);
  const planned = await engine.planPrune({ keepLast: 1 });
  expect(planned.remove.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  const used = (await engine.status()).disk.usedBytes;
  const done = await engine.prune({ rules: { keepLast: 1 } });
  expect(done).toEqual(planned);
  expect(snapshotNames(place.backups)).toEqual([ids[0], ids[3]]);
  expect(used - (await engine.status()).disk.usedBytes).toBe(done.freedBytes);
  expect(existsSync(join(place.backups, '.meta', `${ids[1]}.json`))).toBe(false);
  expect((await engine.prune({ rules: { keepLast: 1 } })).remove).toEqual([]);
  expect((await engine.verify([])).flatMap(({ problems }) => problems)).toEqual([]);
  const [newest] = (await engine.activity()).filter(({ kind }) => kind === 'prune');
  expect(newest).toMatchObject({
    ok: true,
    message: expect.stringMatching(/^2 snapshots removed by retention; .* freed\.$/),
  });
});

test('only what was agreed to is removed', async () => {
  const { engine, ids } = await placeWith(manual(4));
  const done = await engine.prune({ rules: { keepLast: 1 }, only: [ids[1] ?? '', ids[3] ?? ''] });
  expect(done.remove.map(({ id }) => id)).toEqual([ids[1]]);
  expect(done.keep.map(({ id }) => id).toSorted()).toEqual([ids[0], ids[2], ids[3]]);
  expect((await engine.list()).map(({ id }) => id)).toEqual([ids[3], ids[2], ids[0]]);
});

test('D57: rules that keep nothing are refused on the command line with exit code 2', async () => {
  const { place, ids } = await placeWith(manual(2));
  for (const args of [
    ['--keep-last', '0'],
    ['--max-size', '1KB', '--yes'],
  ]) {
    const { code, out } = await place.run([
      'prune',
      ...args,
      '--json',
      ...(args.includes('--yes') ? [] : ['--dry-run']),
    ]);
    expect(code).toBe(2);
    expect(JSON.parse(out).error.code).toBe('retention-keeps-nothing');
  }
  expect(snapshotNames(place.backups)).toEqual(ids);
});

test('a missing backups folder is not made by pruning', async () => {
  const place = createFaultPlace();
  const engine = place.engine();
  expect(await engine.prune({ rules: { keepLast: 1 } })).toEqual({ keep: [], remove: [], freedBytes: 0 });
  await engine.close();
  expect(existsSync(place.backups)).toBe(false);
});

test('what pruning never removes can not be removed by hand either', async () => {
  const { engine, ids } = await placeWith(['pre-restore', 'manual', 'manual']);
  const [safety = '', old = '', newest = ''] = ids;
  const { remove } = await engine.planPrune({ keepLast: 1 });
  expect(remove.map(({ id }) => id)).toEqual([old]);
  await expect(engine.remove(safety)).rejects.toMatchObject({
    code: 'snapshot-protected',
    message: expect.stringContaining('restore'),
  });
  await expect(engine.remove(newest)).rejects.toMatchObject({ code: 'snapshot-protected' });
  await engine.remove(old);
});

test('A13: while the Brain is corrupt nothing is pruned, and the last good one can not be removed by hand either', async () => {
  const { place, engine, ids } = await placeWith(manual(2));
  const brain = join(place.root, 'codex-brain/codex-brain-data/codex-brain.db');
  const bytes = readFileSync(brain);
  writeFileSync(brain, bytes.fill(0x55, bytes.length - 4000));
  expect((await engine.run({ trigger: 'manual' })).brain?.integrity).not.toBe('ok');
  const { keep, remove } = await engine.prune({ rules: { keepLast: 1 } });
  expect(remove).toEqual([]);
  expect(keep.at(-1)?.reasons.join()).toMatch(/an alarm stands: the Brain was corrupt/);
  await expect(engine.remove(ids[1] ?? '')).rejects.toMatchObject({ code: 'snapshot-protected' });
  expect((await engine.remove(ids[0] ?? '')).alarm).toMatch(/the Brain was corrupt/);
});

test('retention.afterEachSnapshot prunes after each snapshot, and a failure of it is no failure of the snapshot', async () => {
  const { place, engine, ids } = await placeWith(manual(2));
  await engine.changeSetting('retention.keepLast', '2');
  await engine.changeSetting('retention.afterEachSnapshot', 'true');
  const later = place.engine();
  onTestFinished(() => later.close());
  const third = await later.run({ trigger: 'growth' });
  expect(snapshotNames(place.backups)).toEqual([ids[1], third.id]);
  await engine.changeSetting('retention.keepLast', undefined);
  await engine.changeSetting('retention.maxBytes', '1');
  const last = place.engine();
  onTestFinished(() => last.close());
  const fourth = await last.run({ trigger: 'growth' });
  expect(snapshotNames(place.backups)).toEqual([ids[1], third.id, fourth.id]);
  const [entry] = await last.activity({ limit: 1 });
  expect(entry).toMatchObject({ kind: 'prune', ok: false, message: expect.stringContaining('keep no snapshot') });
});

test('D59 D60: a link in a pruned snapshot is unlinked, and what is not ours stays', async () => {
  const { place, engine, ids } = await placeWith(manual(2));
  const canaries = join(place.folder, 'canaries');
  mkdirSync(canaries);
  writeFileSync(join(canaries, 'file'), 'alive');
  symlinkSync(canaries, join(place.backups, ids[0] ?? '', 'link'));
  symlinkSync(canaries, join(place.backups, 'codex-backup-2020-01-01T00-00-00-000Z'));
  mkdirSync(join(place.backups, 'photos'));
  writeFileSync(join(place.backups, 'photos', 'cat.jpg'), 'cat');
  writeFileSync(join(place.backups, 'codex-backup-2020-01-02T00-00-00-000Z'), 'a file');
  const { remove } = await engine.prune({ rules: { keepLast: 1 } });
  expect(remove.map(({ id }) => id)).toEqual([ids[0]]);
  expect(readFileSync(join(canaries, 'file'), 'utf8')).toBe('alive');
  expect(lstatSync(join(place.backups, 'codex-backup-2020-01-01T00-00-00-000Z')).isSymbolicLink()).toBe(true);
  expect(statSync(join(place.backups, 'codex-backup-2020-01-02T00-00-00-000Z')).isFile()).toBe(true);
  expect(readdirSync(join(place.backups, 'photos'))).toEqual(['cat.jpg']);
});

test('D61: pruning while a snapshot is read is busy, and removes nothing', async () => {
  const { place, engine, ids } = await placeWith(manual(3));
  const reading = (await engine.cat('latest', 'codex-voice/tone.txt'))[Symbol.asyncIterator]();
  await reading.next();
  await expect(engine.prune({ rules: { keepLast: 1 } })).rejects.toMatchObject({ code: 'busy' });
  expect(snapshotNames(place.backups)).toEqual(ids);
  while ((await reading.next()).done !== true);
  expect((await engine.prune({ rules: { keepLast: 1 } })).remove).toHaveLength(2);
});

test('D62: the newest snapshots are damaged, and the last good one stays', async () => {
  const { place, engine, ids } = await placeWith(manual(4));
  for (const id of ids.slice(2)) {
    const copy = join(place.backups, id, 'codex-brain.db');
    writeFileSync(copy, readFileSync(copy).fill(1, 5000, 5001));
  }
  const results = await engine.verify([]);
  expect(results.map(({ status }) => status)).toEqual(['damaged', 'damaged', 'verified', 'verified']);
  const { remove } = await engine.prune({ rules: { keepLast: 1 } });
  expect(remove.map(({ id }) => id)).toEqual([ids[0]]);
  expect((await engine.status()).baseline).toBe(ids[1]);
});

test('pruning can be cancelled between two snapshots', async () => {
  const { place, engine, ids } = await placeWith(manual(4));
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  const pruning = engine.prune({ rules: { keepLast: 1 }, signal: controller.signal, onProgress });
  await expect(pruning).rejects.toMatchObject({
    code: 'cancelled',
    message: expect.stringContaining('1 snapshot had been'),
  });
  expect(snapshotNames(place.backups)).toEqual(ids.slice(1));
});
