import { closeSync, mkdtempSync, openSync, readdirSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createContext, type EngineContext } from '../../../src/engine/context.ts';
import { checkCopy } from '../../../src/engine/operations/check-copy.ts';
import { copies } from '../../../src/engine/operations/copies.ts';
import { copy } from '../../../src/engine/operations/copy.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { createFaultPlace } from '../../faults/support/fault-place.ts';
import { addDisk, type SnapshotStock, takeStock } from '../../helpers/copy-place.ts';

const day = 86_400_000;

let stock: SnapshotStock;
const stockFolder = mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-stock-'));
beforeAll(async () => {
  stock = await takeStock(stockFolder);
});
afterAll(() => rmSync(stockFolder, { recursive: true, force: true }));

/** A copy of two snapshots, and a clock that the test moves. */
async function prepare() {
  const place = createFaultPlace();
  // Where it drills: what lies there is only of this test.
  vi.stubEnv('TMPDIR', place.folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const disk = addDisk(place);
  const next = stock.bring(place);
  const ids = [next(), next()];
  const time = { nowMs: Date.now() };
  const context: EngineContext = createContext({
    root: place.root,
    home: place.home,
    env: {},
    clock: { now: () => time.nowMs },
    logger: silentLogger,
  });
  onTestFinished(() => context.state.close());
  await copy(context, 'disk');
  const check = () => checkCopy(context.renew(), 'disk', new AbortController().signal);
  const pass = (days: number) => {
    time.nowMs += days * day;
  };
  return { disk, ids, context, check, pass };
}

function damage(file: string): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, 'rot', 5000);
  closeSync(fd);
}

test('a copy is restored on trial after a day, and read back within a month, without leaving anything', async () => {
  const { context, check, pass } = await prepare();
  expect(await check()).toBeNull();
  pass(1);
  expect(await check()).toMatchObject({ copy: 'disk', check: 'drill', ok: true });
  expect(readdirSync(tmpdir()).filter((name) => name.includes('drill'))).toEqual([]);
  for (const _week of [1, 2, 3, 4]) {
    pass(6);
    expect(await check()).toMatchObject({ check: 'verify', ok: true, problem: '' });
  }
  pass(6);
  expect(await check()).toMatchObject({ check: 'drill', ok: true });
  expect(await check()).toMatchObject({ check: 'verify', ok: true });
  const [status] = await copies(context);
  expect(status).toMatchObject({ state: 'in step', drill: { ok: true } });
  // All of it has been read since the first week.
  expect(Date.parse(status?.verifiedAt ?? '')).toBeGreaterThan(context.clock.now() - 30 * day);
});

test('what rots there is found, makes the copy failing, and is sent again', async () => {
  const { disk, ids, context, check, pass } = await prepare();
  for (const id of ids) damage(join(disk, id, 'codex-brain.db'));
  pass(1);
  expect(await check()).toMatchObject({
    check: 'drill',
    ok: false,
    problem: expect.stringContaining('codex-brain.db'),
  });
  for (const _week of [1, 2, 3, 4, 5]) {
    pass(6);
    // A drill that failed is repeated first.
    await check();
    await check();
  }
  expect((await copies(context))[0]).toMatchObject({ state: 'failing', error: { code: 'copy-failed' } });
  const { added } = await copy(context, 'disk');
  expect([...added].sort()).toEqual([...ids].sort());
  pass(1);
  expect(await check()).toMatchObject({ check: 'drill', ok: true });
  expect((await copies(context))[0]?.state).toBe('in step');
});
