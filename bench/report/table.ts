import type { Bound, Finding, Unit } from '../row.ts';
import { judge } from './judge.ts';

const header = ['what', 'ours', 'min–max', 'against', 'median', 'min–max', 'ratio', 'bound', ''] as const;

/** The findings as a text table: medians, ranges, ratios, and the bound beside each. Notes come in lines below. */
export function formatTable(findings: readonly Finding[]): string {
  const rows = [[...header], ...findings.map(toCells)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) => row.map((cell, column) => align(cell, widths[column] ?? 0, column)).join('  '));
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const notes = findings.filter(({ note }) => note !== undefined).map(({ what, note }) => `${what}: ${note}`);
  return [...lines.toSpliced(1, 0, rule), ...(notes.length > 0 ? ['', ...notes] : [])]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A median for people, with its unit: `812 ms`, `2.31 s`, `0.14 ms`, `17.5 MB`. */
export function formatValue(value: number, unit: Unit): string {
  if (unit === 'count') return String(value);
  if (unit === 'bytes') return formatSize(value);
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function toCells(finding: Finding): string[] {
  const { what, unit, ours, peer, bound } = finding;
  const judged = judge(finding);
  return [
    what,
    formatValue(judged.ours, unit),
    formatRange(ours, unit),
    peer?.name ?? '',
    judged.peer === undefined ? (peer === undefined ? '' : 'not installed') : formatValue(judged.peer, unit),
    peer === undefined ? '' : formatRange(peer.samples, unit),
    judged.ratio === undefined ? '' : `${judged.ratio.toFixed(judged.ratio < 0.1 ? 3 : 2)} ×`,
    formatBound(bound, unit),
    judged.verdict,
  ];
}

function formatBound(bound: Bound, unit: Unit): string {
  if (bound.kind === 'none') return '';
  if (bound.kind === 'value') return formatValue(bound.atMost, unit);
  return `${bound.atMost} ×${bound.isInformation === true ? ' (information)' : ''}`;
}

function formatRange(samples: readonly number[], unit: Unit): string {
  if (samples.length < 2) return '';
  return `${formatValue(Math.min(...samples), unit)}–${formatValue(Math.max(...samples), unit)}`;
}

function formatSize(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Words to the left, numbers to the right. */
function align(cell: string, width: number, column: number): string {
  const isWord = column === 0 || column === 3 || column >= 7;
  return isWord ? cell.padEnd(width) : cell.padStart(width);
}
