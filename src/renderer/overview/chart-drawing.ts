import type uPlot from 'uplot';
import type { GrowthMarker, GrowthSeries } from '../../shared/protocol/status-views.ts';
import type { ChartColors } from './chart-colors.ts';
import { lastGoodMarker } from './chart-data.ts';
import { markerShape } from './marker-shapes.ts';

/** Height of the lane for markers between the curve and the times, in CSS pixels. */
export const laneHeight = 18;

const hatchPx = 5;

/** Below the curve: the threshold's band, times in which nobody looked, and time that is in no snapshot. */
export function drawGround(plot: uPlot, series: GrowthSeries, exposedFrom: number | null, colors: ChartColors): void {
  const { ctx } = plot;
  ctx.save();
  clipToPlot(plot);
  if (series.baselineBytes !== null) drawBand(plot, series, series.baselineBytes, colors);
  for (const { fromMs, toMs } of series.gaps) fillTimes(plot, fromMs, toMs, colors.grid);
  if (exposedFrom !== null) {
    fillTimes(plot, exposedFrom, series.toMs, colors.badSoft);
    hatchTimes(plot, exposedFrom, series.toMs, colors.bad);
  }
  ctx.restore();
}

/** Below the axis: a mark for each snapshot, the selected one over all others. */
export function drawLane(
  plot: uPlot,
  markers: readonly GrowthMarker[],
  selected: string | undefined,
  colors: ChartColors,
): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  // The curve of what is in no snapshot is dashed, and leaves it so.
  ctx.setLineDash([]);
  ctx.strokeStyle = colors.base;
  ctx.lineWidth = ratio / 2;
  line(ctx, bbox.left, bbox.top + bbox.height, bbox.left + bbox.width, bbox.top + bbox.height);
  const y = bbox.top + bbox.height + (laneHeight / 2) * ratio;
  // Ticks first: they are many, and a shape has to stay whole.
  const byLook = [...markers].sort((a, b) => rank(a) - rank(b));
  for (const marker of byLook) if (marker.id !== selected) drawMarker(plot, marker, y, colors);
  const chosen = markers.find(({ id }) => id === selected);
  if (chosen !== undefined) drawChosen(plot, chosen, y, colors);
  ctx.restore();
}

function rank(marker: GrowthMarker): number {
  return markerShape(marker).look === 'tick' ? 0 : 1;
}

function drawMarker(plot: uPlot, marker: GrowthMarker, y: number, colors: ChartColors): void {
  const { ctx } = plot;
  const { path, look } = markerShape(marker);
  const shape = new Path2D(path);
  ctx.save();
  ctx.translate(plot.valToPos(marker.atMs / 1000, 'x', true), y);
  ctx.scale(devicePixelRatio, devicePixelRatio);
  if (look === 'tick') {
    ctx.globalAlpha = 0.55;
    ctx.strokeStyle = colors.soft;
    ctx.lineWidth = 1;
    ctx.stroke(shape);
  } else {
    ctx.strokeStyle = look === 'cross' ? colors.bad : look === 'hollow' ? colors.text : colors.surface;
    ctx.fillStyle = look === 'hollow' ? colors.surface : colors.text;
    ctx.lineWidth = look === 'hollow' ? 1.3 : 1.5;
    // The rim sets a shape off from the ticks that it stands on.
    if (look === 'solid') ctx.stroke(shape);
    if (look !== 'cross') ctx.fill(shape);
    if (look !== 'solid') ctx.stroke(shape);
  }
  ctx.restore();
}

function drawChosen(plot: uPlot, marker: GrowthMarker, y: number, colors: ChartColors): void {
  const { ctx } = plot;
  const x = plot.valToPos(marker.atMs / 1000, 'x', true);
  ctx.strokeStyle = colors.line;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.lineCap = 'round';
  line(ctx, x, y - 5 * devicePixelRatio, x, y + 5 * devicePixelRatio);
}

/** How far the Brain may grow from its last good copy before the next one is taken. */
function drawBand(plot: uPlot, series: GrowthSeries, baselineBytes: number, colors: ChartColors): void {
  const { ctx, bbox } = plot;
  const left = plot.valToPos((lastGoodMarker(series.markers)?.atMs ?? series.fromMs) / 1000, 'x', true);
  const right = bbox.left + bbox.width;
  const top = plot.valToPos(baselineBytes + series.thresholdBytes, 'y', true);
  const bottom = plot.valToPos(baselineBytes, 'y', true);
  // Thinner than a pixel it says nothing.
  if (bottom - top < 2 * devicePixelRatio) return;
  ctx.fillStyle = colors.band;
  ctx.fillRect(left, top, right - left, bottom - top);
  ctx.strokeStyle = colors.soft;
  ctx.lineWidth = devicePixelRatio / 2;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  line(ctx, left, top, right, top);
  ctx.setLineDash([]);
}

function fillTimes(plot: uPlot, fromMs: number, toMs: number, color: string): void {
  const from = plot.valToPos(fromMs / 1000, 'x', true);
  const to = plot.valToPos(toMs / 1000, 'x', true);
  plot.ctx.fillStyle = color;
  plot.ctx.fillRect(from, plot.bbox.top, to - from, plot.bbox.height);
}

function hatchTimes(plot: uPlot, fromMs: number, toMs: number, color: string): void {
  const { ctx, bbox } = plot;
  const from = plot.valToPos(fromMs / 1000, 'x', true);
  const to = plot.valToPos(toMs / 1000, 'x', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, bbox.top, to - from, bbox.height);
  ctx.clip();
  ctx.strokeStyle = color;
  ctx.globalAlpha = 0.35;
  ctx.lineWidth = devicePixelRatio;
  const step = hatchPx * devicePixelRatio;
  for (let x = from - bbox.height; x < to; x += step) line(ctx, x, bbox.top + bbox.height, x + bbox.height, bbox.top);
  ctx.restore();
}

function clipToPlot({ ctx, bbox }: uPlot): void {
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
