import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from '../../../src/engine/index.ts';
import { readCatalog } from '../../../src/engine/snapshot/catalog.ts';
import { createSmallCodex } from '../../helpers/small-codex.ts';

const dayMs = 86_400_000;

test('after verify.rereadDays a snapshot reads every source file again, and not before', async () => {
  const { root, home, backups } = createSmallCodex();
  const start = Date.now() + dayMs;
  const readAt: unknown[] = [];
  const linked: unknown[] = [];
  for (const day of [0, 3, 6.9, 7.1, 10]) {
    const engine = createEngine({ root, home, env: {}, clock: { now: () => start + day * dayMs } });
    onTestFinished(() => engine.close());
    await engine.run({ trigger: 'manual' });
    const [newest] = readCatalog(backups);
    readAt.push((Date.parse(String(newest?.manifest?.code?.fullReadAt)) - start) / dayMs);
    linked.push(newest?.snapshot.code?.linked);
  }
  expect(readAt).toEqual([0, 0, 0, 7.1, 7.1]);
  expect(linked).toEqual([false, true, true, true, true]);
});
