import { linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureTrend } from '../../../src/engine/snapshot/disk-trend.ts';
import type { Snapshot } from '../../../src/shared/model.ts';
import { createSnapshot } from '../../cli/support/memory-engine.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const dayMs = 86_400_000;
const start = Date.parse('2025-11-01T00:00:00Z');
const fileBytes = 64 * 1024;

/** Snapshots at these days, newest first, each with a Brain of 64 KB and one archive that all share. */
function snapshotsAt(days: readonly number[]): readonly Snapshot[] {
  const backups = temporaryFolder();
  const made = days.map((day, index) => {
    const id = `snapshot-${index}`;
    const path = join(backups, id);
    mkdirSync(join(path, 'databases'), { recursive: true });
    writeFileSync(join(path, 'databases', 'brain'), 'x'.repeat(fileBytes));
    if (index === 0) writeFileSync(join(path, 'code'), 'x'.repeat(10 * fileBytes));
    else linkSync(join(backups, 'snapshot-0', 'code'), join(path, 'code'));
    return createSnapshot({ id, path, createdAt: new Date(start + day * dayMs).toISOString() });
  });
  expect(statSync(join(backups, 'snapshot-0', 'code')).nlink).toBe(days.length);
  return made.toReversed();
}

test('the trend is what came since the first of the last four weeks, shared bytes not counted', () => {
  const trend = measureTrend(snapshotsAt([0, 1, 2, 7]), fileBytes * 30);
  expect(trend).toEqual({ bytesPerWeek: 3 * fileBytes, fullInDays: 70 });
});

test('what is older than four weeks does not count', () => {
  const trend = measureTrend(snapshotsAt([0, 0.1, 0.2, 100, 107]), fileBytes * 10);
  expect(trend).toEqual({ bytesPerWeek: fileBytes, fullInDays: 70 });
});

test('there is no trend before the snapshots span a day, nor without any', () => {
  expect(measureTrend([], 1000)).toBeNull();
  expect(measureTrend(snapshotsAt([0]), 1000)).toBeNull();
  expect(measureTrend(snapshotsAt([0, 0.5]), 1000)).toBeNull();
});

test('C51: a clock that jumped gives no negative trend', () => {
  expect(measureTrend(snapshotsAt([0, 3, -4000]), 1000)).toBeNull();
  expect(measureTrend(snapshotsAt([0, 4000, 4001, 2]), fileBytes * 10)?.bytesPerWeek).toBeGreaterThan(0);
});
