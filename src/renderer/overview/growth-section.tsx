import { useState } from 'react';
import type { GrowthRange, PanelStatus } from '../../shared/protocol/status-views.ts';
import { useWide } from '../app/use-wide.ts';
import { useCall } from '../client/use-call.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { Segments } from '../components/segments.tsx';
import { Size } from '../components/size.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { GrowthChart } from './growth-chart.tsx';
import './growth-section.css';
import { Section } from './section.tsx';

const ranges = [
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
  { value: 'all', label: 'All' },
] as const;

export interface GrowthSectionProps {
  readonly status: PanelStatus;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** How the Brain has grown, and which snapshots have kept it. */
export function GrowthSection({ status, selected, onSelect }: GrowthSectionProps) {
  const wide = useWide();
  const isExposed = status.state === 'unprotected' || status.state === 'failed';
  const [range, setRange] = useState<GrowthRange>(isExposed ? 'day' : 'week');
  const growth = useCall('growth', { range }, { keepPrevious: true });
  const sizes = growth.data?.bytes ?? [];
  const first = sizes[0];
  const last = sizes.at(-1);
  return (
    <Section
      title="Brain"
      lead={first === undefined || last === undefined ? undefined : <Growth first={first} last={last} />}
      note={
        // Where there is no curve at all there is nothing to choose from.
        status.snapshots === 0 ? undefined : (
          <Segments label="Time shown" segments={ranges} value={range} onChange={setRange} size="small" />
        )
      }
    >
      {growth.isPending ? <Loading label="Reading the looks" /> : null}
      {growth.isError ? <ErrorState error={growth.error} onRetry={() => void growth.refetch()} /> : null}
      {growth.data === undefined ? null : sizes.length < 2 ? (
        <p className="growth-none">The curve begins once the Brain has been looked at for a few minutes.</p>
      ) : (
        <>
          <GrowthChart
            series={growth.data}
            range={range}
            isExposed={isExposed}
            selected={selected}
            onSelect={onSelect}
            heightRem={wide ? 11 : 7.75}
          />
          <ChartLegend markers={growth.data.markers} />
        </>
      )}
    </Section>
  );
}

function Growth({ first, last }: { first: number; last: number }) {
  return (
    <>
      <b>
        <Size bytes={last} as="brain" />
      </b>{' '}
      <Size bytes={Math.round(last - first)} as="delta" />
    </>
  );
}
