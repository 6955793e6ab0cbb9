import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { measureDiskUse } from '../../../src/engine/snapshot/disk-use.ts';
import { createSmallCodex } from '../../helpers/small-codex.ts';
import { createSeededRandom } from '../code/seeded-random.ts';
import { liveFortnight } from './fortnight-of-files.ts';

const minute = 60_000;
const scale = Number(process.env['SCALE'] ?? 1);

test('C51, C52, G117: a fortnight of real files and faults loses no row of 16 minutes, or says so; few notices, bounded disk', async () => {
  const codex = createSmallCodex();
  const { engine, backups, brain } = codex;
  await engine.changeSetting('watch.intervalSeconds', scale >= 10 ? '60' : '900');
  await engine.changeSetting('space.reserveBytes', '1');
  await engine.changeSetting('verify.everyDays', '0');
  await engine.changeSetting('retention.keepLast', '6');
  await engine.changeSetting('retention.keepDaily', '7');
  await engine.changeSetting('retention.afterEachSnapshot', 'true');
  const random = createSeededRandom(1);
  const result = await liveFortnight(codex, () => random.below(1e9) / 1e9);

  const { late, ...figures } = result;
  console.log(`fortnight of files: ${JSON.stringify({ ...figures, late: late.length })}`);
  for (const [fault, count] of Object.entries(result.faults)) expect(count, fault).toBeGreaterThan(0);
  expect(result.faults.killedRun).toBeGreaterThanOrEqual(2 * 13);
  expect(result.faults.killedWatcher).toBeGreaterThanOrEqual(13);
  expect(result.rows).toBeGreaterThan(100);
  expect(result.oldestUnsavedMs).toBeLessThanOrEqual(16 * minute);
  expect(result.late.length).toBeGreaterThan(0);
  for (const state of result.late) expect(['unprotected', 'failed']).toContain(state);
  expect(result.notices.length).toBeLessThanOrEqual(14);
  expect(result.checks).toBeGreaterThanOrEqual(2);
  expect(result.failedChecks).toBe(0);

  const [newest, ...older] = await engine.list();
  const saved = new Database(join(newest?.path ?? '', 'codex-brain.db'), { readonly: true });
  saved.prepare('ATTACH ? AS live').run(brain);
  const missing = saved.prepare('SELECT count(*) FROM (SELECT * FROM live.events EXCEPT SELECT * FROM main.events)');
  expect(missing.pluck().get()).toBe(0);
  saved.close();
  expect(older.length).toBeLessThanOrEqual(13);
  expect(measureDiskUse(backups).usedBytes).toBeLessThan(14 * (newest?.brain?.bytes ?? 0) + 2_000_000);
  expect((await engine.verify([])).filter(({ problems }) => problems.length > 0)).toEqual([]);
}, 1_200_000);
