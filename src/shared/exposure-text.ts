import { escapeControl, formatBytes, formatDuration, formatNumber } from './format.ts';
import type { Exposure } from './results.ts';

/** `12 min and 340 events unprotected`, `12 min, 340 events and 3 documents unprotected`. */
export function formatExposure(exposure: Exposure | null): string {
  if (exposure === null) return 'what would be lost now is not known';
  if (exposure.milliseconds === null) return 'no good copy of the Brain exists';
  const rows = exposure.rows.filter(({ rows: count }) => count > 0);
  const counts = rows.map(({ table, rows: count }) => `${formatNumber(count)} ${escapeControl(table)}`);
  if (counts.length === 0 && exposure.bytes <= 0) return 'every memory is in a snapshot';
  const parts = counts.length === 0 ? [`${formatBytes(exposure.bytes)} of growth`] : counts;
  const before = [formatDuration(exposure.milliseconds), ...parts.slice(0, -1)].join(', ');
  return `${before} and ${parts.at(-1)} unprotected`;
}
