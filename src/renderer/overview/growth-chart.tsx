import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatCount } from '../../shared/format.ts';
import type { GrowthMarker, GrowthRange, GrowthSeries } from '../../shared/protocol/status-views.ts';
import { useSizes } from '../components/size.tsx';
import type { SizeFormats } from '../format/sizes.ts';
import { chartData, lastGoodMarker } from './chart-data.ts';
import { chartOptions } from './chart-options.ts';
import { ChartTip, type Probe, probeWords } from './chart-tip.tsx';

export interface GrowthChartProps {
  readonly series: GrowthSeries;
  readonly range: GrowthRange;
  /** What came after the last good snapshot is hatched. */
  readonly isExposed: boolean;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly heightRem: number;
}

/** The curve of the Brain, and a lane with its snapshots. Arrow keys go from snapshot to snapshot, Enter selects. */
export function GrowthChart({ series, range, isExposed, selected, onSelect, heightRem }: GrowthChartProps) {
  const sizes = useSizes();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [probe, setProbe] = useState<Probe | null>(null);
  const latest = useRef({ selected, onSelect });
  latest.current = { selected, onSelect };
  const theme = useThemeCount();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const exposedFrom = isExposed ? (lastGoodMarker(series.markers)?.atMs ?? series.fromMs) : null;
    const size = () => ({ width: element.clientWidth, height: heightRem * remPixels() });
    const chart = new uPlot(
      {
        ...chartOptions({ element, series, exposedFrom, sizes, latest, onProbe: setProbe }),
        ...size(),
      },
      chartData(series, exposedFrom),
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
      setProbe(null);
    };
  }, [series, isExposed, sizes, theme, heightRem]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the selected mark is drawn anew
  useEffect(() => plot.current?.redraw(false), [selected]);
  const onKeyDown = (event: KeyboardEvent) => {
    const marker = markerForKey(event, series.markers, probe);
    if (marker === undefined) return;
    event.preventDefault();
    if (event.key === 'Enter' || event.key === ' ') onSelect(marker.id);
    else plot.current?.setCursor({ left: plot.current.valToPos(marker.atMs / 1000, 'x'), top: 1 });
  };
  const at = series.markers.findIndex(({ id }) => id === (probe?.marker?.id ?? selected));
  return (
    <div
      ref={frame}
      className="growth-chart"
      // To the keyboard the chart is a slider over the snapshots.
      role="slider"
      tabIndex={0}
      aria-valuemin={0}
      aria-valuemax={series.markers.length}
      aria-valuenow={at + 1}
      aria-valuetext={probe?.marker === undefined ? 'No snapshot chosen' : probeWords(probe, sizes)}
      aria-label={describe(series, range, sizes)}
      onKeyDown={onKeyDown}
    >
      {probe === null ? null : <ChartTip probe={probe} />}
    </div>
  );
}

function markerForKey(
  { key }: KeyboardEvent,
  markers: readonly GrowthMarker[],
  probe: Probe | null,
): GrowthMarker | undefined {
  const at = markers.findIndex(({ id }) => id === probe?.marker?.id);
  const last = markers.length - 1;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return markers[at < 0 ? last : Math.max(0, at - 1)];
    case 'ArrowRight':
    case 'ArrowUp':
      return markers[at < 0 ? last : Math.min(last, at + 1)];
    case 'Home':
      return markers[0];
    case 'End':
      return markers[last];
    case 'Enter':
    case ' ':
      return markers[at];
    default:
      return undefined;
  }
}

const rangeWords: Readonly<Record<GrowthRange, string>> = {
  day: 'the last 24 hours',
  week: 'the last 7 days',
  month: 'the last 30 days',
  all: 'all time',
};

function describe({ bytes, markers }: GrowthSeries, range: GrowthRange, sizes: SizeFormats): string {
  const least = bytes.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY);
  const most = bytes.reduce((most, size) => Math.max(most, size), 0);
  return `Size of the Brain over ${rangeWords[range]}, from ${sizes.brain(least)} to ${sizes.brain(most)}, ${formatCount(markers.length, 'snapshot')}`;
}

/** Counts up when the theme changes: a canvas does not follow by itself. */
function useThemeCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const queries = [window.matchMedia('(prefers-color-scheme: dark)'), window.matchMedia('(prefers-contrast: more)')];
    const add = () => setCount((old) => old + 1);
    for (const query of queries) query.addEventListener('change', add);
    return () => {
      for (const query of queries) query.removeEventListener('change', add);
    };
  }, []);
  return count;
}

function remPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
