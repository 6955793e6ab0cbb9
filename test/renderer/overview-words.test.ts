import { describe, expect, test } from 'vitest';
import { links, parseRoute } from '../../src/renderer/app/routes.ts';
import { progressWords } from '../../src/renderer/format/progress-words.ts';
import { createFormats } from '../../src/renderer/format/sizes.ts';
import { formatDay, formatMoment } from '../../src/renderer/format/time.ts';
import { sizeBounds, sizeLabels, timeLabels } from '../../src/renderer/overview/chart-axes.ts';
import { chartData, nearestMarker } from '../../src/renderer/overview/chart-data.ts';
import { historyItems } from '../../src/renderer/overview/history-items.ts';
import type { JobState } from '../../src/shared/protocol/jobs.ts';
import type { GrowthMarker, SnapshotRow } from '../../src/shared/protocol/status-views.ts';

const sizes = createFormats(1000);
const now = new Date(2025, 10, 20, 14, 35).getTime();
const at = (day: number, hour: number) => new Date(2025, 10, day, hour).toISOString();

describe('addresses', () => {
  test('what is linked is read back, whatever is in it', () => {
    const route = parseRoute(links.snapshot('codex-backup-1', 'contents', { path: 'a b/ü&?#.ts' }));
    expect([route.view, ...route.segments]).toEqual(['snapshot', 'codex-backup-1', 'contents']);
    expect(route.query.get('path')).toBe('a b/ü&?#.ts');
  });

  test('an address that somebody typed breaks nothing', () => {
    expect(parseRoute('#/%E0%A4%A/x').view).toBe('%E0%A4%A');
    expect(parseRoute('').view).toBe('');
  });
});

describe('times', () => {
  test('the further away, the less exact', () => {
    expect(formatMoment(at(20, 9), now)).toBe('09:00');
    expect(formatMoment(at(17, 9), now)).toBe('Mon 09:00');
    expect(formatMoment(at(2, 9), now)).toBe('2 Nov 09:00');
    expect([formatDay(at(20, 0), now), formatDay(at(19, 23), now)]).toEqual(['Today', 'Yesterday']);
  });
});

describe('sizes', () => {
  test('a Brain of gigabytes has two decimals, and a unit is said once', () => {
    expect(sizes.brain(1_214_000_000)).toBe('1.21 GB');
    expect(sizes.share(12_300, 51_200)).toBe('12.3 of 51.2 KB');
    expect(sizes.share(900, 51_200)).toBe('900 B of 51.2 KB');
    expect([sizes.delta(0), sizes.delta(-7500)]).toEqual(['same', '−7.5 KB']);
  });

  test('labels that would all read alike say how much more each is', () => {
    expect(sizeLabels([3_130_000_000, 3_130_200_000], sizes)).toEqual(['3.13 GB', '+200 KB']);
    expect(sizeLabels([1_190_000_000, 1_200_000_000], sizes)).toEqual(['1.19 GB', '1.20 GB']);
  });

  test('the band of the threshold is in the picture only where it does not flatten the curve', () => {
    expect(sizeBounds(100_000, 130_000, 151_200)[1]).toBeGreaterThan(151_200);
    expect(sizeBounds(100_000, 101_000, 151_200)[1]).toBeLessThan(110_000);
  });

  test('times below the chart are clock, weekday or date by how far apart they are', () => {
    const noon = new Date(2025, 10, 17, 12).getTime() / 1000;
    expect(timeLabels([noon], 3600)).toEqual(['12:00']);
    expect(timeLabels([noon, noon + 86_400], 86_400)).toEqual(['Mon', 'Tue']);
    const midnight = noon + 12 * 3600;
    const twoDays = [noon - 86_400, noon - 43_200, noon, midnight];
    expect(timeLabels(twoDays, 43_200)).toEqual(['12:00', 'Mon', '12:00', 'Tue']);
    expect(timeLabels([noon, midnight], 43_200)).toEqual(['12:00', '00:00']);
    expect(timeLabels([noon, noon + 9 * 86_400], 9 * 86_400)).toEqual(['17 Nov', '26 Nov']);
  });
});

describe('history', () => {
  const row = (createdAt: string): SnapshotRow => ({
    id: `codex-backup-${createdAt}`,
    createdAt,
    sequence: 1,
    trigger: 'growth',
    status: 'verified',
    pinned: false,
    note: '',
    durationMs: 1,
    diskBytes: 1,
    brainBytes: 1,
    brainChange: null,
    rowsMade: null,
    codeBytes: null,
    codeFiles: null,
    isSameCode: true,
    databases: 0,
    skipped: 0,
    warnings: 0,
  });
  const failure = { id: 3, at: at(20, 11), kind: 'snapshot', ok: false, snapshot: null, message: 'Disk is full' };

  test('each day has its heading with what was taken and what failed, and a failure stands where it happened', () => {
    const items = historyItems([row(at(20, 12)), row(at(20, 10)), row(at(19, 9))], [failure], now);
    expect(
      items.map((item) => (item.kind === 'day' ? `${item.label} ${item.snapshots}/${item.failed}` : item.kind)),
    ).toEqual(['Today 2/1', 'snapshot', 'failed', 'snapshot', 'Yesterday 1/0', 'snapshot']);
  });

  test('a day that comes twice, because a clock was set back, has keys of its own', () => {
    const items = historyItems([row(at(20, 12)), row(at(19, 9)), row(at(20, 10))], [], now);
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
  });
});

describe('curve', () => {
  const marker = (atMs: number): GrowthMarker => ({
    id: String(atMs),
    atMs,
    trigger: 'growth',
    status: 'verified',
    bytes: 1,
  });

  test('is broken where nobody looked, and goes on as another line where nothing is saved', () => {
    const series = {
      fromMs: 0,
      toMs: 5000,
      atMs: [0, 1000, 2000, 3000, 4000],
      bytes: [1, 2, 3, 4, 5],
      usedBytes: [],
      rows: [],
      gaps: [{ fromMs: 500, toMs: 1500 }],
      thresholdBytes: 1,
      baselineBytes: null,
      markers: [],
    };
    expect(chartData(series, 3000).slice(1)).toEqual([
      [1, null, 3, null, null],
      [null, null, 3, 4, 5],
    ]);
  });

  test('the pointer means the nearest snapshot, if one is near', () => {
    const markers = [marker(1000), marker(1400)];
    expect(nearestMarker(markers, 1300, 500)?.atMs).toBe(1400);
    expect(nearestMarker(markers, 9000, 500)).toBeUndefined();
  });
});

describe('progress', () => {
  const job = (progress: JobState['progress']): JobState => ({
    id: 'job',
    kind: 'backUp',
    ids: [],
    by: 'user',
    trigger: 'manual',
    startedAt: at(20, 14),
    state: 'running',
    progress,
    phaseStartedAt: new Date(now - 4000).toISOString(),
    passed: [],
    canCancel: true,
    isCancelling: false,
    question: null,
    endedAt: null,
    result: null,
    error: null,
  });

  test('has share, amount, rate and time left where they are known', () => {
    const words = progressWords(job({ phase: 'code', unit: 'bytes', done: 8_000_000, total: 20_000_000 }), now, sizes);
    expect(words).toEqual({
      phase: 'Writing the code archive',
      share: '40\u202f%',
      amount: '8.0 of 20.0 MB',
      rate: '2.0 MB/s',
      left: 'about 6 s left',
    });
  });

  test('says nothing that it does not know', () => {
    const words = progressWords(job({ phase: 'walk', unit: 'files', done: 0 }), now, sizes);
    expect(words).toEqual({ phase: 'Looking for changed files', share: '', amount: '', rate: '', left: '' });
  });
});
