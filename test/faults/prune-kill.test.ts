import { expect, onTestFinished, test } from 'vitest';
import { createFaultPlace, leftOvers, scale, snapshotNames } from './support/fault-place.ts';
import { expectIntact, fingerprint } from './support/fingerprint.ts';

const steps = ['remove:before', 'remove:renamed', 'remove:deleted', 'remove:record'];

test.for(steps)('D58: a prune that is killed at %s leaves whole snapshots, and the next one goes on', async (step) => {
  const place = createFaultPlace();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  for (let i = 0; i < 4 + scale; i += 1) await engine.run({ trigger: 'manual' });
  const all = snapshotNames(place.backups);
  const before = fingerprint(place.backups, all.slice(-2));
  let left = all.length;
  for (const _round of [1, 2]) {
    const environment = { CODEX_BACKUP_FAIL_POINT: `kill:${step}` };
    const { signal, err } = await place.run(['prune', '--keep-last', '2', '--yes'], { environment });
    expect(signal, err).toBe('SIGKILL');
    if (step !== 'remove:before') left -= 1;
    // Oldest first, and each is there as a whole or not at all.
    expect(snapshotNames(place.backups)).toEqual(all.slice(-left));
    expect((await engine.list()).map(({ status }) => status)).toEqual(Array(left).fill('verified'));
    expectIntact(place.backups, before);
  }
  const { remove } = await engine.prune({ rules: { keepLast: 2 } });
  expect(remove).toHaveLength(left - 2);
  expect(snapshotNames(place.backups)).toEqual(all.slice(-2));
  expectIntact(place.backups, before);
  expect((await engine.verify([])).flatMap(({ problems }) => problems)).toEqual([]);
  await engine.run({ trigger: 'manual' });
  expect(leftOvers(place.backups)).toEqual([]);
});
