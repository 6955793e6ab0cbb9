import { escapeControl, formatBytes, formatCount, formatNumber } from '../../shared/format.ts';
import type { CodeChange, DatabaseChange, SnapshotDiff, TableChange } from '../../shared/results.ts';
import { formatSections, formatSome, type Section } from './sections.ts';
import type { TextStyle } from './text-style.ts';

const longestList = 50;

/** What changed: databases with their rows first, then code by service. */
export function formatDiff(diff: SnapshotDiff, style: TextStyle): string {
  const heading = `${escapeControl(diff.from)} → ${escapeControl(diff.to)}`;
  const databases = diff.databases.filter(({ change }) => change !== 'same');
  const sections = [
    ...databases.map(databaseSection),
    ...[...groupByService(diff.code)].map(([service, changes]) => serviceSection(service, changes, style)),
  ];
  const body = sections.length === 0 ? 'Nothing changed.' : formatSections(sections, style);
  return `${heading}\n\n${body}`;
}

/** Changes by the first folder of their path, and by the second below `packages`; files in the root under ''. */
export function groupByService(changes: readonly CodeChange[]): Map<string, CodeChange[]> {
  return Map.groupBy(changes, ({ path }) => {
    const folders = path.split('/').slice(0, -1);
    return folders.slice(0, folders[0] === 'packages' ? 2 : 1).join('/');
  });
}

function databaseSection(database: DatabaseChange): Section {
  const size = `${formatBytes(database.bytesBefore)} → ${formatBytes(database.bytesAfter)}`;
  const tables = database.tables.filter(isWorthTelling);
  return {
    title: `${escapeControl(database.path)}: ${database.change}, ${size}`,
    lines: tables.length === 0 ? ['no rows came or went'] : tables.map(formatTableChange),
  };
}

/** The rows of a live database are not counted; there only those that were made since can be told. */
function isWorthTelling({ change, rowsBefore, rowsAfter, rowsMade }: TableChange): boolean {
  if (change !== 'kept' || (rowsMade ?? 0) > 0) return true;
  return rowsBefore !== null && rowsAfter !== null && rowsBefore !== rowsAfter;
}

function formatTableChange({ name, change, rowsBefore, rowsAfter, rowsMade }: TableChange): string {
  const made = rowsMade === null || rowsMade <= 0 ? '' : `${formatNumber(rowsMade)} made since`;
  if (change === 'kept' && (rowsBefore === null || rowsAfter === null)) return `${escapeControl(name)}: ${made}`;
  const count = (rows: number | null) => (rows === null ? 'no table' : formatCount(rows, 'row'));
  return `${escapeControl(name)}: ${count(rowsBefore)} → ${count(rowsAfter)}${made === '' ? '' : ` (${made})`}`;
}

const signs = { added: '+', changed: '~', removed: '-' } as const;

function serviceSection(service: string, changes: readonly CodeChange[], style: TextStyle): Section {
  const paints = { added: style.good, changed: style.warning, removed: style.bad };
  const counts = (['added', 'changed', 'removed'] as const).flatMap((kind) => {
    const count = changes.filter(({ change }) => change === kind).length;
    return count === 0 ? [] : [`${formatNumber(count)} ${kind}`];
  });
  const lines = changes.map(({ path, change, bytesBefore, bytesAfter }) => {
    const sizes = change === 'changed' && bytesBefore !== bytesAfter ? `, was ${formatBytes(bytesBefore)}` : '';
    const size = formatBytes(change === 'removed' ? bytesBefore : bytesAfter);
    return `${paints[change](`${signs[change]} ${escapeControl(path)}`)} ${style.dim(`(${size}${sizes})`)}`;
  });
  const title = service === '' ? 'files in the root' : escapeControl(service);
  return { title: `${title}: ${counts.join(', ')}`, lines: formatSome(lines, longestList) };
}
