import { existsSync, readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createFaultPlace, leftOvers, snapshotNames } from '../../faults/support/fault-place.ts';

/** More than any disk has. */
const endless = '1000000000000000';

async function placeWithReserve(bytes: string) {
  const place = createFaultPlace();
  const before = place.engine();
  await before.run({ trigger: 'manual' });
  await before.changeSetting('space.reserveBytes', bytes);
  await before.close();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  return { place, engine };
}

test.for(['growth', 'change', 'schedule', 'boot'] as const)(
  'a snapshot by %s leaves the reserve alone',
  async (trigger) => {
    const { place, engine } = await placeWithReserve(endless);
    const names = snapshotNames(place.backups);
    await expect(engine.run({ trigger })).rejects.toMatchObject({
      code: 'low-space',
      message: expect.stringMatching(/of free space; the snapshot needs about .*B, and 1000 TB are to stay free\.$/),
      details: { reserveBytes: 1e15 },
    });
    expect(snapshotNames(place.backups)).toEqual(names);
    expect(leftOvers(place.backups)).toEqual([]);
    expect(readdirSync(place.backups).filter((name) => name.startsWith('.partial'))).toEqual([]);
    const [entry] = await engine.activity({ limit: 1 });
    expect(entry).toMatchObject({ kind: 'snapshot', ok: false, message: expect.stringContaining('are to stay free') });
  },
);

test.for(['manual', 'pre-restore'] as const)('a %s snapshot may use the reserve', async (trigger) => {
  const { engine } = await placeWithReserve(endless);
  expect((await engine.run({ trigger })).trigger).toBe(trigger);
});

test('a reserve of 0 turns the estimate off', async () => {
  const { engine } = await placeWithReserve('0');
  expect((await engine.run({ trigger: 'growth' })).trigger).toBe('growth');
});

test('the refusal names what pruning would free: by the rules of the settings, else by a usual one', async () => {
  const { place, engine } = await placeWithReserve(endless);
  await expect(engine.run({ trigger: 'growth' })).rejects.toMatchObject({
    hint: expect.stringContaining('Free some space'),
  });
  for (let i = 0; i < 10; i += 1) await engine.run({ trigger: 'manual' });
  await expect(engine.run({ trigger: 'growth' })).rejects.toMatchObject({
    hint: expect.stringMatching(/^"codex-backup prune --keep-last 10" would free [\d.]+ KB\.$/),
  });
  await engine.changeSetting('retention.keepLast', '2');
  const later = place.engine();
  onTestFinished(() => later.close());
  const { freedBytes } = await later.planPrune();
  expect(freedBytes).toBeGreaterThan(0);
  await expect(later.run({ trigger: 'growth' })).rejects.toMatchObject({
    hint: expect.stringMatching(/^"codex-backup prune" would free [\d.]+ [KM]B\.$/),
  });
  expect(existsSync(place.backups)).toBe(true);
});

test('where retention prunes by itself, it makes room before a snapshot is refused', async () => {
  const { engine } = await placeWithReserve('1');
  for (let i = 0; i < 3; i += 1) await engine.run({ trigger: 'manual' });
  await engine.changeSetting('retention.keepLast', '1');
  await engine.changeSetting('space.reserveBytes', endless);
  const names = (await engine.list()).length;
  await expect(engine.run({ trigger: 'growth' })).rejects.toMatchObject({ code: 'low-space' });
  expect(await engine.list()).toHaveLength(names);
  await engine.changeSetting('retention.afterEachSnapshot', 'true');
  await expect(engine.run({ trigger: 'growth' })).rejects.toMatchObject({ code: 'low-space' });
  expect(await engine.list()).toHaveLength(1);
  const happened = (await engine.activity({ limit: 2 })).map(({ kind, ok }) => [kind, ok]);
  expect(happened).toEqual([
    ['snapshot', false],
    ['prune', true],
  ]);
  await engine.changeSetting('space.reserveBytes', '1');
  expect((await engine.run({ trigger: 'growth' })).trigger).toBe('growth');
});
