import type uPlot from 'uplot';
import type { GrowthMarker, GrowthSeries } from '../../shared/protocol/status-views.ts';

/** Times in seconds; the curve; the part of it that is in no snapshot. A gap in the looks is a gap in both. */
export function chartData(series: GrowthSeries, exposedFrom: number | null): uPlot.AlignedData {
  const isGap = (at: number) => series.gaps.some(({ fromMs, toMs }) => at > fromMs && at < toMs);
  const value = (index: number) => (isGap(series.atMs[index] ?? 0) ? null : (series.bytes[index] ?? null));
  const isExposed = (at: number) => exposedFrom !== null && at >= exposedFrom;
  return [
    series.atMs.map((at) => at / 1000),
    series.atMs.map((at, index) => (isExposed(at) ? null : value(index))),
    series.atMs.map((at, index) => (isExposed(series.atMs[index + 1] ?? at) ? value(index) : null)),
  ];
}

/** The newest marker that is nothing but good: what came after it is in no snapshot. */
export function lastGoodMarker(markers: readonly GrowthMarker[]): GrowthMarker | undefined {
  return markers.findLast(({ status, bytes }) => status !== 'damaged' && bytes !== null);
}

/** The marker nearest to a moment, if one is near enough. */
export function nearestMarker(
  markers: readonly GrowthMarker[],
  atMs: number,
  withinMs: number,
): GrowthMarker | undefined {
  let best: GrowthMarker | undefined;
  for (const marker of markers) {
    const distance = Math.abs(marker.atMs - atMs);
    if (distance <= withinMs && (best === undefined || distance < Math.abs(best.atMs - atMs))) best = marker;
  }
  return best;
}
