import type { SizeFormats } from '../format/sizes.ts';

const giga = 1_000_000_000;
const daySeconds = 86_400;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Labels of the sizes at the grid lines. Where they would all read alike, the upper ones say by how much they are more. */
export function sizeLabels(splits: readonly number[], sizes: SizeFormats): string[] {
  const labels = splits.map((bytes) => sizes.brain(bytes));
  const [lowest] = splits;
  if (lowest === undefined || new Set(labels).size === labels.length) return labels;
  return splits.map((bytes) =>
    bytes === lowest ? (lowest >= giga ? sizes.brain(lowest) : sizes.bytes(lowest)) : sizes.delta(bytes - lowest),
  );
}

/** Labels of the times below, by how far apart they are: seconds in, as uPlot counts. */
export function timeLabels(splits: readonly number[], stepSeconds: number): string[] {
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0);
  const format = stepSeconds < daySeconds ? clock : span <= 8 * daySeconds ? weekday : dayAndMonth;
  // Over several days a clock time alone does not say of which.
  const isLong = format === clock && span > 1.25 * daySeconds;
  return splits.map((seconds) => (isLong && isMidnight(seconds) ? weekday : format).format(seconds * 1000));
}

function isMidnight(seconds: number): boolean {
  const time = new Date(seconds * 1000);
  return time.getHours() === 0 && time.getMinutes() === 0;
}

/** Bounds of the sizes: room above and below, and the threshold's band where it isn't much larger than the growth. */
export function sizeBounds(min: number, max: number, bandTop: number | null): [number, number] {
  const top = bandTop !== null && bandTop > max && bandTop - min < (max - min) * 3 ? bandTop : max;
  const room = Math.max((top - min) * 0.12, 1024);
  return [Math.max(0, min - room), top + room];
}
