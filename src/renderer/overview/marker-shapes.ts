import type { GrowthMarker } from '../../shared/protocol/status-views.ts';

/** Where a marker's shape is drawn: 8 px square, origin in its middle. Drawn on the canvas and in the legend alike. */
export interface MarkerShape {
  readonly path: string;
  readonly look: 'tick' | 'solid' | 'hollow' | 'cross';
}

const shapes: Readonly<Record<GrowthMarker['trigger'], MarkerShape>> = {
  growth: { path: 'M0 -4V4', look: 'tick' },
  change: { path: 'M0 0V4', look: 'tick' },
  boot: { path: 'M0 -3.4 3.5 2.8H-3.5Z', look: 'solid' },
  manual: { path: 'M0 -3.6 3.6 0 0 3.6 -3.6 0Z', look: 'solid' },
  schedule: { path: 'M-2.4 0a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0Z', look: 'solid' },
  'pre-restore': { path: 'M0 -3.3 3.3 0 0 3.3 -3.3 0Z', look: 'hollow' },
  legacy: { path: 'M-2.6 -2.6H2.6V2.6H-2.6Z', look: 'hollow' },
};

const cross: MarkerShape = { path: 'M-2.6 -2.6 2.6 2.6M2.6 -2.6 -2.6 2.6', look: 'cross' };

/** By trigger; a damaged snapshot is a cross, whatever it was. */
export function markerShape({ trigger, status }: Pick<GrowthMarker, 'trigger' | 'status'>): MarkerShape {
  return status === 'damaged' ? cross : shapes[trigger];
}
