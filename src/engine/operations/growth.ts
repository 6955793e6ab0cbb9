import type { GrowthRange, GrowthSeries } from '../../shared/protocol/status-views.ts';
import type { Sample } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { type CatalogEntry, readCatalog } from '../snapshot/catalog.ts';
import { currentBaseline } from '../snapshot/current-baseline.ts';

const dayMs = 86_400_000;
const rangeMs: Readonly<Record<GrowthRange, number>> = {
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
  all: Number.POSITIVE_INFINITY,
};
const maxSamples = 1000;
/** What is shown at least, however young the first look is. */
const leastMs = 120_000;

/** Looks at the Brain over time, thinned for a chart, and the snapshots of that time. */
export async function growth(context: EngineContext, range: GrowthRange): Promise<GrowthSeries> {
  const toMs = context.clock.now();
  const catalog = readCatalog(context.backups());
  const samples = await context.state.listSamples(context.root(), { fromMs: toMs - rangeMs[range], toMs });
  const firstMs = Math.min(
    Date.parse(samples[0]?.at ?? '') || toMs,
    Date.parse(catalog.at(-1)?.snapshot.createdAt ?? '') || toMs,
  );
  // Where nothing is older, the time before would only be empty.
  const fromMs = Math.min(Math.max(firstMs, toMs - rangeMs[range]), toMs - leastMs);
  const times = samples.map(({ at }) => Date.parse(at));
  const kept = thinSamples(samples, times, maxSamples);
  return {
    fromMs,
    toMs,
    atMs: kept.map(({ at }) => Date.parse(at)),
    bytes: kept.map(({ bytes }) => bytes),
    usedBytes: kept.map(({ usedBytes }) => usedBytes),
    rows: kept.map(({ rows }) => rows),
    gaps: findGaps(times, context.settings().watch.intervalSeconds * 1000),
    thresholdBytes: context.settings().watch.thresholdBytes,
    baselineBytes: currentBaseline(context, catalog)?.snapshot.brain?.bytes ?? null,
    markers: catalog.flatMap((entry) => markerOf(entry, fromMs, toMs)).reverse(),
  };
}

/** One sample for each piece of time: the last, and the greatest where it is another. Steps and peaks stay visible. */
export function thinSamples(samples: readonly Sample[], times: readonly number[], most: number): readonly Sample[] {
  if (samples.length <= most) return samples;
  const first = times[0] ?? 0;
  const span = (times.at(-1) ?? 0) - first || 1;
  const pieces = Math.floor(most / 2);
  const kept = new Set<number>([0]);
  let begin = 0;
  for (let piece = 1; piece <= pieces; piece += 1) {
    const endMs = first + (span * piece) / pieces;
    let end = begin;
    let greatest = begin;
    while (end < samples.length && (times[end] ?? 0) <= endMs) {
      if ((samples[end]?.bytes ?? 0) > (samples[greatest]?.bytes ?? 0)) greatest = end;
      end += 1;
    }
    if (end > begin) kept.add(greatest).add(end - 1);
    begin = end;
  }
  return samples.filter((_, index) => kept.has(index)).slice(-most);
}

/** Nobody looked for longer than looks, thinned as they age, are apart. */
function findGaps(times: readonly number[], intervalMs: number): GrowthSeries['gaps'] {
  const now = times.at(-1) ?? 0;
  const gaps: { fromMs: number; toMs: number }[] = [];
  for (let index = 1; index < times.length; index += 1) {
    const fromMs = times[index - 1] ?? 0;
    const toMs = times[index] ?? 0;
    const ageMs = now - fromMs;
    const usualMs = ageMs > 90 * dayMs ? dayMs : ageMs > 14 * dayMs ? 3_600_000 : ageMs > dayMs ? 600_000 : 0;
    if (toMs - fromMs > 3 * Math.max(intervalMs, usualMs)) gaps.push({ fromMs, toMs });
  }
  return gaps;
}

function markerOf({ snapshot }: CatalogEntry, fromMs: number, toMs: number): GrowthSeries['markers'] {
  const atMs = Date.parse(snapshot.createdAt);
  if (!(atMs >= fromMs && atMs <= toMs)) return [];
  const { id, trigger, status, brain } = snapshot;
  return [{ id, atMs, trigger, status, bytes: brain?.bytes ?? null }];
}
