import type { GrowthMarker } from '../../shared/protocol/status-views.ts';
import { statusWords, triggerWords } from '../../shared/words.ts';
import { useSizes } from '../components/size.tsx';
import type { SizeFormats } from '../format/sizes.ts';
import { formatMoment } from '../format/time.ts';
import { TriggerGlyph } from '../icons/trigger-glyph.tsx';

/** What the pointer or the keyboard is at. `left` and `width` are CSS pixels of the chart. */
export interface Probe {
  readonly atMs: number;
  readonly bytes: number;
  readonly marker: GrowthMarker | undefined;
  readonly left: number;
  readonly width: number;
}

const gap = 12;

/** Beside the point, never over it. */
export function ChartTip({ probe }: { probe: Probe }) {
  const sizes = useSizes();
  const { marker, left, width } = probe;
  const place = left < width / 2 ? { left: left + gap } : { right: width - left + gap };
  const when = formatMoment(new Date(probe.atMs).toISOString(), Date.now());
  return (
    <div className="chart-tip" style={place} aria-hidden="true">
      <b>
        {marker === undefined ? null : <TriggerGlyph trigger={marker.trigger} />}
        {marker === undefined ? when : `${when} · ${triggerWords[marker.trigger]}`}
      </b>
      <span>
        {sizes.brain(probe.bytes)}
        {marker === undefined ? '' : ` · ${statusWords[marker.status]}`}
      </span>
    </div>
  );
}

/** The same for screen readers. */
export function probeWords({ atMs, bytes, marker }: Probe, sizes: SizeFormats): string {
  const when = formatMoment(new Date(atMs).toISOString(), Date.now());
  const what = marker === undefined ? '' : `, ${triggerWords[marker.trigger]}, ${statusWords[marker.status]}`;
  return `${when}${what}, ${sizes.brain(bytes)}`;
}
