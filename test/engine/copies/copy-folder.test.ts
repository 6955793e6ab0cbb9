import {
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../../src/engine/index.ts';
import { acquireLock } from '../../../src/engine/platform/locks.ts';
import { createFaultPlace, type FaultPlace, snapshotNames } from '../../faults/support/fault-place.ts';
import { fingerprint } from '../../faults/support/fingerprint.ts';
import { addDisk, type SnapshotStock, takeStock } from '../../helpers/copy-place.ts';

interface CopiedPlace {
  readonly place: FaultPlace;
  readonly engine: Engine;
  readonly disk: string;
  /** One more snapshot: the first two have the same code, the others differ. */
  save(): string;
}

let stock: SnapshotStock;
const stockFolder = mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-stock-'));
beforeAll(async () => {
  stock = await takeStock(stockFolder);
});
afterAll(() => rmSync(stockFolder, { recursive: true, force: true }));

function prepare(others: Readonly<Record<string, unknown>> = {}): CopiedPlace {
  const place = createFaultPlace();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  return { place, engine, disk: addDisk(place, others), save: stock.bring(place) };
}

/** The bytes of each snapshot under its name, wherever the folder is. */
const contentOf = (folder: string) =>
  new Map([...fingerprint(folder)].map(([path, value]) => [path.slice(folder.length), value]));

const stateOf = async (engine: Engine) => (await engine.copies())[0];

describe('a copy in a folder', () => {
  test('has every snapshot to the byte, in the layout of a backups folder, and is in step', async () => {
    const { place, engine, disk, save } = prepare();
    save();
    save();
    expect((await stateOf(engine))?.state).toBe('not there');
    const report = await engine.copy('disk');
    expect(report.added).toEqual(snapshotNames(place.backups).toReversed());
    expect(contentOf(disk)).toEqual(contentOf(place.backups));
    expect(await stateOf(engine)).toMatchObject({ state: 'in step', snapshots: 2, isSafeToRemove: true, error: null });
    expect(readdirSync(disk).filter((name) => name.startsWith('.'))).toEqual(['.codex-backup-copy.json']);
    expect((await engine.listCopy('disk')).map(({ id, status }) => [id, status])).toEqual(
      report.added.map((id) => [id, 'verified']),
    );
    save();
    expect((await stateOf(engine))?.state).toBe('behind');
    const others = place.engine({ backups: disk });
    expect((await others.verify([])).flatMap(({ problems }) => problems)).toEqual([]);
    await others.close();
  });

  test('is behind, and has not failed, where snapshots are being removed just then', async () => {
    const { place, engine, save } = prepare();
    save();
    await engine.copy('disk');
    save();
    const lock = await acquireLock({
      folder: join(place.backups, '.locks'),
      name: 'removal',
      mode: 'exclusive',
      what: 'prune',
      clock: { now: Date.now },
    });
    await expect(engine.copy('disk')).rejects.toMatchObject({ code: 'busy' });
    lock.release();
    expect(await stateOf(engine)).toMatchObject({ state: 'behind', error: null });
    expect((await engine.copy('disk')).added).toHaveLength(1);
  });

  test('sends an archive once: a second snapshot of unchanged code sends under 1 % of its bytes', async () => {
    const { engine, disk, save } = prepare();
    const first = save();
    const { sentBytes } = await engine.copy('disk');
    const second = save();
    const { code, brain, databases } = await engine.show(second);
    const report = await engine.copy('disk');
    const brains = [brain, ...databases].reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
    expect(report.sentBytes).toBeLessThan(sentBytes / 10);
    expect(report.linkedBytes).toBeGreaterThanOrEqual((code?.bytes ?? 0) + brains);
    const archive = (id: string) => lstatSync(join(disk, id, 'codex-code.tar.gz')).ino;
    expect(archive(second)).toBe(archive(first));
  });

  test('takes pins and notes along, and its retention keeps what is pinned', async () => {
    const { engine, save } = prepare({ retention: { keepLast: 1 } });
    const oldest = save();
    await engine.note(oldest, 'before the move');
    await engine.pin(oldest, true);
    await engine.copy('disk');
    const second = save();
    await engine.copy('disk');
    const third = save();
    const report = await engine.copy('disk');
    expect(report.removed).toEqual([second]);
    const held = await engine.listCopy('disk');
    expect(held.map(({ id, pinned, note }) => [id, pinned, note])).toEqual([
      [third, false, ''],
      [oldest, true, 'before the move'],
    ]);
    // What the copy has removed is not sent again, and the backups have all.
    expect((await engine.copy('disk')).added).toEqual([]);
    expect(await engine.list()).toHaveLength(3);
  });

  test('keeps what the backups have removed', async () => {
    const { engine, save } = prepare();
    const first = save();
    save();
    await engine.copy('disk');
    await engine.remove(first);
    await engine.copy('disk');
    expect((await engine.listCopy('disk')).map(({ id }) => id)).toContain(first);
    expect((await stateOf(engine))?.state).toBe('in step');
  });

  test('does not take what is damaged or was made by v1.5, and says so', async () => {
    const { place, engine, disk, save } = prepare();
    const damaged = save();
    save();
    writeFileSync(join(place.backups, damaged, 'RESTORE.txt'), 'short');
    const { leftOut, added } = await engine.copy('disk');
    expect(leftOut).toEqual([damaged]);
    expect(added).toHaveLength(1);
    expect(existsSync(join(disk, damaged))).toBe(false);
  });

  test('a damaged snapshot of the copy is sent again, by what differs', async () => {
    const { place, engine, disk, save } = prepare();
    const id = save();
    await engine.copy('disk');
    writeFileSync(join(disk, id, 'codex-code.tar.gz'), 'short');
    writeFileSync(join(disk, 'codex-backup-of-mine.txt'), 'not ours');
    const report = await engine.copy('disk');
    expect(report.added).toEqual([id]);
    expect(readFileSync(join(disk, id, 'codex-code.tar.gz'))).toEqual(
      readFileSync(join(place.backups, id, 'codex-code.tar.gz')),
    );
    expect(existsSync(join(disk, 'codex-backup-of-mine.txt'))).toBe(true);
    expect(readdirSync(disk).filter((name) => name.startsWith('.trash') || name.startsWith('.incoming'))).toEqual([]);
  });

  test('bytes that arrive otherwise than they were sent are never published', async () => {
    const { place, engine, disk, save } = prepare();
    const id = save();
    // What arrived before, of the right size, but rotten: it is found by reading back, and sent again.
    const incoming = join(disk, `.incoming-${id}`);
    cpSync(join(place.backups, id), incoming, { recursive: true });
    const fd = openSync(join(incoming, 'codex-brain.db'), 'r+');
    writeSync(fd, 'rot', 5000);
    closeSync(fd);
    const { sentBytes } = await engine.copy('disk');
    expect(sentBytes).toBe(lstatSync(join(place.backups, id, 'codex-brain.db')).size);
    expect(contentOf(disk)).toEqual(contentOf(place.backups));
  });
});

describe('a disk', () => {
  test('C45: that is not connected leaves an empty mount point, which is never filled', async () => {
    const { place, engine, disk, save } = prepare();
    save();
    await engine.copy('disk');
    renameSync(disk, join(place.folder, 'unplugged'));
    mkdirSync(disk);
    save();
    await expect(engine.copy('disk')).rejects.toMatchObject({ code: 'copy-absent' });
    expect(readdirSync(disk)).toEqual([]);
    expect(await stateOf(engine)).toMatchObject({ state: 'not there', isSafeToRemove: false });
    rmSync(disk, { recursive: true });
    await expect(engine.copy('disk')).rejects.toMatchObject({ code: 'copy-absent' });
    expect(existsSync(disk)).toBe(false);
    renameSync(join(place.folder, 'unplugged'), disk);
    expect((await stateOf(engine))?.state).toBe('behind');
    expect((await engine.copy('disk')).added).toHaveLength(1);
    expect((await stateOf(engine))?.state).toBe('in step');
  });

  test('that is another one under the same name is not filled, unless the user says so', async () => {
    const { place, engine, disk, save } = prepare();
    save();
    await engine.copy('disk');
    renameSync(disk, join(place.folder, 'first'));
    mkdirSync(disk);
    await engine.copy('disk', { anew: true });
    expect(await engine.listCopy('disk')).toHaveLength(1);
    renameSync(disk, join(place.folder, 'second'));
    renameSync(join(place.folder, 'first'), disk);
    save();
    const before = contentOf(disk);
    await expect(engine.copy('disk')).rejects.toMatchObject({
      code: 'copy-absent',
      hint: expect.stringContaining('--anew'),
    });
    expect(contentOf(disk)).toEqual(before);
    expect((await engine.copy('disk', { anew: true })).added).toHaveLength(1);
  });

  test('with the snapshots of other backups is not touched', async () => {
    const { engine, disk, save } = prepare();
    save();
    await engine.copy('disk');
    const other = createFaultPlace();
    const others = other.engine();
    onTestFinished(() => others.close());
    mkdirSync(other.home, { recursive: true });
    writeFileSync(
      join(other.home, 'settings.json'),
      JSON.stringify({ version: 1, copies: [{ name: 'disk', kind: 'folder', path: disk }] }),
    );
    stock.bring(other)();
    const before = contentOf(disk);
    for (const anew of [false, true]) {
      await expect(others.copy('disk', { anew })).rejects.toMatchObject({ code: 'copy-foreign' });
    }
    expect(contentOf(disk)).toEqual(before);
  });

  test('that nobody has set up is left alone in the background', async () => {
    const { engine, disk, save } = prepare();
    save();
    await expect(engine.copy('disk', { byHand: false })).rejects.toMatchObject({ code: 'copy-absent' });
    expect(readdirSync(disk)).toEqual([]);
    const test = await engine.testCopy('disk');
    expect(test).toMatchObject({ isNew: true });
    expect(readdirSync(disk)).toEqual(['.codex-backup-copy.json']);
    await engine.copy('disk', { byHand: false });
    expect((await stateOf(engine))?.state).toBe('in step');
  });
});

test.for([['backups'], ['backups/inner'], ['.']])(
  'a copy at %s of the Codex folder is refused',
  async ([where = '']) => {
    const { place, engine, save } = prepare();
    save();
    writeFileSync(
      join(place.home, 'settings.json'),
      JSON.stringify({ version: 1, copies: [{ name: 'disk', kind: 'folder', path: join(place.root, where) }] }),
    );
    await expect(engine.copy('disk')).rejects.toMatchObject({ code: 'settings-invalid' });
  },
);

test('two at once: one works, the other is told that it is busy', async () => {
  const { engine, save } = prepare();
  save();
  const [first, second] = await Promise.allSettled([engine.copy('disk'), engine.copy('disk')]);
  expect([first?.status, second?.status].sort()).toEqual(['fulfilled', 'rejected']);
  expect(second).toMatchObject({ reason: { code: 'busy' } });
});

test('a name that is no copy names those that there are', async () => {
  const { engine } = prepare();
  await expect(engine.copy('dsik')).rejects.toMatchObject({ code: 'copy-unknown', hint: 'There are: disk.' });
});

describe('a snapshot that only the copy has', () => {
  test('comes back into the backups, proved, and links what is there', async () => {
    const { place, engine, disk, save } = prepare();
    const first = save();
    save();
    await engine.copy('disk');
    const before = contentOf(disk);
    rmSync(join(place.backups, first), { recursive: true });
    const fetched = await engine.fetchSnapshot('disk', first);
    expect(fetched).toMatchObject({ id: first, status: 'verified' });
    expect(contentOf(place.backups)).toEqual(before);
    expect((await engine.verify([first]))[0]?.problems).toEqual([]);
    expect(lstatSync(join(place.backups, first, 'codex-code.tar.gz')).nlink).toBe(2);
    expect((await engine.fetchSnapshot('disk', 'latest')).id).not.toBe(first);
  });

  test('is not taken where it has rotted', async () => {
    const { place, engine, disk, save } = prepare();
    const id = save();
    await engine.copy('disk');
    rmSync(join(place.backups, id), { recursive: true });
    const fd = openSync(join(disk, id, 'codex-brain.db'), 'r+');
    writeSync(fd, 'rot', 5000);
    closeSync(fd);
    await expect(engine.fetchSnapshot('disk', 'latest')).rejects.toMatchObject({
      code: 'snapshot-damaged',
      message: expect.stringContaining('codex-brain.db'),
    });
    expect(snapshotNames(place.backups)).toEqual([]);
    expect(readdirSync(place.backups).filter((name) => name.startsWith('.incoming'))).toEqual([]);
  });
});
