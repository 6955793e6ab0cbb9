import type { RefObject } from 'react';
import type uPlot from 'uplot';
import type { GrowthSeries } from '../../shared/protocol/status-views.ts';
import type { SizeFormats } from '../format/sizes.ts';
import { sizeBounds, sizeLabels, timeLabels } from './chart-axes.ts';
import { type ChartColors, readChartColors } from './chart-colors.ts';
import { nearestMarker } from './chart-data.ts';
import { drawGround, drawLane, laneHeight } from './chart-drawing.ts';
import type { Probe } from './chart-tip.tsx';

/** A marker this near to the pointer is meant, in CSS pixels. */
const nearPx = 7;

export interface ChartWishes {
  readonly element: HTMLElement;
  readonly series: GrowthSeries;
  readonly exposedFrom: number | null;
  readonly sizes: SizeFormats;
  /** What changes without the chart being made anew. */
  readonly latest: RefObject<{ readonly selected: string | undefined; readonly onSelect: (id: string) => void }>;
  readonly onProbe: (probe: Probe | null) => void;
}

export function chartOptions(wishes: ChartWishes): Omit<uPlot.Options, 'width' | 'height'> {
  const { element, series, exposedFrom, latest } = wishes;
  const colors = readChartColors(element);
  return {
    legend: { show: false },
    padding: [6, 0, 0, 0],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 9, fill: colors.line, stroke: colors.surface, width: 2 },
    },
    scales: {
      x: { time: true, range: () => [series.fromMs / 1000, series.toMs / 1000] },
      y: { range: (_plot, min, max) => sizeBounds(min, max, bandTop(series)) },
    },
    axes: axesOf(wishes, colors),
    series: [
      {},
      { stroke: colors.line, fill: colors.area, width: 1.5, points: { show: false } },
      { stroke: colors.bad, dash: [3, 2.5], width: 1.5, points: { show: false } },
    ],
    hooks: {
      drawClear: [(plot) => drawGround(plot, series, exposedFrom, colors)],
      draw: [(plot) => drawLane(plot, series.markers, latest.current.selected, colors)],
      setCursor: [(plot) => wishes.onProbe(probeAt(plot, series))],
      ready: [
        (plot) =>
          plot.over.addEventListener('click', () => {
            const marker = probeAt(plot, series)?.marker;
            if (marker !== undefined) latest.current.onSelect(marker.id);
          }),
      ],
    },
  };
}

function axesOf({ element, sizes }: ChartWishes, colors: ChartColors): uPlot.Axis[] {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${0.6875 * rem}px ${getComputedStyle(element).fontFamily}`;
  const shared = { font, stroke: colors.soft, ticks: { show: false } };
  return [
    {
      ...shared,
      gap: laneHeight,
      size: laneHeight + 1.1 * rem,
      space: 2.4 * rem,
      grid: { show: false },
      values: (plot, splits, _axis, _space, step) =>
        timeLabels(splits, step).map((label, index) => (isWhole(plot, splits[index] ?? 0, rem) ? label : '')),
    },
    {
      ...shared,
      side: 1,
      gap: 8,
      size: 3.6 * rem,
      // Three or so, whatever the height.
      space: (_plot, _axis, _min, _max, height) => height / 3.5,
      grid: { stroke: colors.grid, width: 0.5 },
      values: (_plot, splits) => sizeLabels(splits, sizes),
    },
  ];
}

/** Whether a label in the middle below that time is not cut off by the edge of the chart. */
function isWhole(plot: uPlot, seconds: number, rem: number): boolean {
  return plot.valToPos(seconds, 'x') >= 0.9 * rem;
}

function bandTop({ baselineBytes, thresholdBytes }: GrowthSeries): number | null {
  return baselineBytes === null ? null : baselineBytes + thresholdBytes;
}

/** What the pointer is at: a snapshot, if one is near, else a look. */
function probeAt(plot: uPlot, series: GrowthSeries): Probe | null {
  const { left, idx } = plot.cursor;
  if (left === undefined || left < 0 || idx === null || idx === undefined) return null;
  const msPerPx = (series.toMs - series.fromMs) / plot.over.clientWidth;
  const marker = nearestMarker(series.markers, plot.posToVal(left, 'x') * 1000, nearPx * msPerPx);
  const atMs = marker?.atMs ?? series.atMs[idx];
  const bytes = marker?.bytes ?? series.bytes[idx];
  if (atMs === undefined || bytes === undefined) return null;
  return { atMs, bytes, marker, left: plot.valToPos(atMs / 1000, 'x'), width: plot.width };
}
