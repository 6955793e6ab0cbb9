import { escapeControl } from '../../shared/format.ts';
import type { Activity } from '../../shared/results.ts';
import { type Column, formatTable } from './table.ts';
import type { TextStyle } from './text-style.ts';
import { formatLocalTime } from './time-text.ts';

/** What happened as a table, newest first. */
export function formatActivity(entries: readonly Activity[], style: TextStyle): string {
  if (entries.length === 0) return 'Nothing has happened yet.';
  const columns: readonly Column[] = [
    { title: 'WHEN' },
    { title: '', paint: (cell) => (cell.includes('✗') ? style.bad(cell) : style.good(cell)) },
    { title: 'WHAT' },
    { title: 'SNAPSHOT', dropOrder: 1 },
    { title: 'MESSAGE' },
  ];
  const rows = entries.map(({ at, ok, kind, snapshot, message }) => [
    formatLocalTime(at),
    ok ? '✓' : '✗',
    escapeControl(kind),
    escapeControl(snapshot ?? ''),
    escapeControl(message),
  ]);
  return formatTable(columns, rows, style.width);
}
