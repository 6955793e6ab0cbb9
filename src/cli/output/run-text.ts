import { escapeControl, formatBytes, formatCount, formatDuration } from '../../shared/format.ts';
import type { Snapshot } from '../../shared/model.ts';
import { paintStatus } from './list-text.ts';
import { formatPairs, formatSections } from './sections.ts';
import { formatSkipped, formatWarnings } from './show-text.ts';
import type { TextStyle } from './text-style.ts';

/** What a run made: the snapshot in short, and all that is missing from it. */
export function formatRun(snapshot: Snapshot, style: TextStyle): string {
  const { brain, databases, code } = snapshot;
  const rows = brain?.tables.reduce((sum, table) => sum + table.rows, 0) ?? 0;
  const pairs = [
    ['Brain', brain === null ? style.bad('none') : `${formatBytes(brain.bytes)}, ${formatCount(rows, 'row')}`],
    ['databases', databases.length === 0 ? '' : formatDatabases(snapshot)],
    ['code', code === null ? style.bad('none') : formatCode(code)],
    ['folder', escapeControl(snapshot.path)],
  ] as const;
  const title = `${escapeControl(snapshot.id)}  ${paintStatus(snapshot.status, style)}, in ${formatDuration(snapshot.durationMs)}`;
  const sections = [
    { title, lines: formatPairs(pairs, style) },
    { title: 'Skipped', lines: formatSkipped(snapshot.skipped) },
    { title: 'Warnings', lines: formatWarnings(snapshot.warnings) },
  ];
  return formatSections(sections, style);
}

function formatDatabases({ databases }: Snapshot): string {
  const bytes = databases.reduce((sum, database) => sum + database.bytes, 0);
  return `${formatCount(databases.length, 'database')}, ${formatBytes(bytes)}`;
}

function formatCode(code: NonNullable<Snapshot['code']>): string {
  const size = code.linked ? 'same code' : formatBytes(code.bytes);
  return `${size}, ${formatCount(code.files, 'file')}`;
}
