import type { GrowthMarker } from '../../shared/protocol/status-views.ts';
import { triggerWords } from '../../shared/words.ts';
import { markerShape } from './marker-shapes.ts';

const order = ['growth', 'change', 'boot', 'manual', 'schedule', 'pre-restore', 'legacy'] as const;

/** What the marks below the chart mean; only those that are there. */
export function ChartLegend({ markers }: { markers: readonly GrowthMarker[] }) {
  const present = new Set(markers.map(({ trigger }) => trigger));
  const hasDamaged = markers.some(({ status }) => status === 'damaged');
  const entries = order.filter((trigger) => present.has(trigger));
  return (
    <ul
      className={entries.length > 4 ? 'chart-legend chart-legend-full' : 'chart-legend'}
      aria-label="Marks of the chart"
    >
      {entries.map((trigger) => (
        <Entry key={trigger} word={triggerWords[trigger]} shape={{ trigger, status: 'verified' }} />
      ))}
      {hasDamaged ? <Entry word="Damaged" shape={{ trigger: 'growth', status: 'damaged' }} /> : null}
    </ul>
  );
}

function Entry({ word, shape }: { word: string; shape: Pick<GrowthMarker, 'trigger' | 'status'> }) {
  const { path, look } = markerShape(shape);
  const isLine = look === 'tick' || look === 'cross';
  return (
    <li>
      <svg viewBox={look === 'tick' ? '-1 -4 2 8' : '-4 -4 8 8'} className={`chart-mark-${look}`} aria-hidden="true">
        <path
          d={path}
          fill={look === 'solid' ? 'var(--text)' : 'none'}
          stroke={look === 'cross' ? 'var(--bad)' : isLine ? 'var(--text-2)' : 'var(--text)'}
          strokeWidth={look === 'solid' ? 0 : look === 'tick' ? 1 : 1.4}
        />
      </svg>
      {word}
    </li>
  );
}
