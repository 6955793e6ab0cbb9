import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createEngine, type Engine } from '../../../src/engine/index.ts';
import { createFaultPlace, snapshotNames } from '../../faults/support/fault-place.ts';
import { fingerprint } from '../../faults/support/fingerprint.ts';
import { addDisk, type SnapshotStock, takeStock } from '../../helpers/copy-place.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

let stock: SnapshotStock;
const stockFolder = mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-stock-'));
beforeAll(async () => {
  stock = await takeStock(stockFolder);
});
afterAll(() => rmSync(stockFolder, { recursive: true, force: true }));

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

interface NewMachine {
  readonly engine: Engine;
  readonly root: string;
  readonly backups: string;
}

/** A machine with nothing: neither the Codex folder nor the app home exist. */
function newMachine(): NewMachine {
  const folder = temporaryFolder();
  const root = join(folder, 'Codex');
  const engine = createEngine({ root, home: join(folder, 'home'), env: {}, logger: silent });
  onTestFinished(() => engine.close());
  return { engine, root, backups: join(root, 'backups') };
}

/** A disk with a copy of three snapshots, from a machine that is gone. */
async function lostMachine(): Promise<{ readonly disk: string; readonly backups: string }> {
  const place = createFaultPlace();
  const disk = addDisk(place);
  const next = stock.bring(place);
  const engine = place.engine();
  for (const _number of [1, 2, 3]) next();
  await engine.copy('disk');
  await engine.close();
  return { disk, backups: place.backups };
}

const contentOf = (folder: string) =>
  new Map([...fingerprint(folder)].map(([path, value]) => [path.slice(folder.length), value]));

test('all snapshots of a copy come, the newest first, and the copy is kept in step from then on', async () => {
  const { disk, backups } = await lostMachine();
  const machine = newMachine();
  const told: string[] = [];
  const adopted = await machine.engine.adopt(disk, { onBrought: (id) => void told.push(id) });
  expect(told).toEqual(snapshotNames(backups).toReversed());
  expect(adopted).toMatchObject({ name: 'adopted', brought: told, found: told, damaged: [] });
  expect(contentOf(machine.backups)).toEqual(contentOf(backups));
  expect((await machine.engine.list()).map(({ status }) => status)).toEqual(['verified', 'verified', 'verified']);
  expect((await machine.engine.copies())[0]).toMatchObject({ name: 'adopted', state: 'behind' });
  expect(await machine.engine.copy('adopted')).toMatchObject({ added: [], sentBytes: 0 });
  expect((await machine.engine.copies())[0]?.state).toBe('in step');
  expect((await machine.engine.settings()).settings.root).toBe(machine.root);
  // Twice is once.
  expect((await machine.engine.adopt(disk)).name).toBe('adopted');
  expect((await machine.engine.settings()).settings.copies).toHaveLength(1);
});

test('only the newest comes if that is wanted, and the others can come later', async () => {
  const { disk, backups } = await lostMachine();
  const { engine, ...machine } = newMachine();
  expect((await engine.adopt(disk, { onlyLatest: true })).brought).toHaveLength(1);
  expect(snapshotNames(machine.backups)).toEqual(snapshotNames(backups).slice(-1));
  // What was not brought is not removed there.
  await engine.copy('adopted');
  expect(snapshotNames(disk)).toEqual(snapshotNames(backups));
  await engine.adopt(disk);
  expect(snapshotNames(machine.backups)).toEqual(snapshotNames(backups));
});

test('a backups folder of another disk is read, and never written', async () => {
  const { backups } = await lostMachine();
  const before = contentOf(backups);
  const machine = newMachine();
  expect((await machine.engine.adopt(backups)).name).toBeNull();
  expect(contentOf(machine.backups)).toEqual(before);
  expect(contentOf(backups)).toEqual(before);
  expect((await machine.engine.settings()).settings.copies).toEqual([]);
});

test('what is damaged there is named, and the others come', async () => {
  const { disk, backups } = await lostMachine();
  const [oldest = '', second = '', newest = ''] = snapshotNames(backups);
  writeFileSync(join(disk, newest, 'codex-code.tar.gz'), 'short');
  writeFileSync(join(disk, oldest, 'manifest.json'), '{}');
  const { engine } = newMachine();
  const { brought, damaged } = await engine.adopt(disk);
  expect(brought).toEqual([second]);
  expect([...damaged].sort()).toEqual([oldest, newest]);
});

test('snapshots of another Codex are not mixed with those that are there', async () => {
  const { disk } = await lostMachine();
  const place = createFaultPlace();
  stock.bring(place)();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  const before = contentOf(place.backups);
  await expect(engine.adopt(disk)).rejects.toMatchObject({ code: 'copy-foreign' });
  expect(contentOf(place.backups)).toEqual(before);
});

test('a folder without snapshots, and one that is not there, are told as that, and nothing is made for them', async () => {
  const { engine, root } = newMachine();
  const empty = join(temporaryFolder(), 'empty');
  mkdirSync(empty);
  await expect(engine.adopt(empty)).rejects.toMatchObject({ code: 'snapshot-missing' });
  await expect(engine.adopt(`${empty}/nothing`)).rejects.toMatchObject({ code: 'copy-absent' });
  expect(existsSync(root)).toBe(false);
  expect((await engine.settings()).settings.root).toBeUndefined();
});
