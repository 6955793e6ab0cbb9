import { escapeControl, formatBytes, formatCount } from '../../shared/format.ts';
import type { PrunePlan } from '../../shared/retention.ts';
import { formatTable } from './table.ts';
import type { TextStyle } from './text-style.ts';

/** Each snapshot with why it is kept or removed, newest first, and what all of that frees. */
export function formatPrunePlan({ keep, remove, freedBytes }: PrunePlan, style: TextStyle): string {
  if (keep.length === 0 && remove.length === 0) return 'There are no snapshots.';
  const rows = [
    ...keep.map(({ id, reasons }) => ['keep', escapeControl(id), escapeControl(reasons.join(', '))]),
    ...remove.map(({ id, reason }) => ['remove', escapeControl(id), escapeControl(reason)]),
  ];
  const columns = [
    { title: '', paint: (cell: string) => (cell.trim() === 'keep' ? style.good(cell) : style.bad(cell)) },
    { title: 'SNAPSHOT' },
    { title: 'WHY' },
  ];
  const summary = `${formatCount(keep.length, 'snapshot')} kept, ${remove.length} to remove, which frees ${formatBytes(freedBytes)}`;
  return `${formatTable(columns, rows, style.width)}\n\n${summary}`;
}
