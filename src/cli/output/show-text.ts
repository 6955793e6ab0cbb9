import {
  escapeControl,
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
} from '../../shared/format.ts';
import type { CodePart, DatabasePart, Skipped, Warning } from '../../shared/model.ts';
import type { CheckRecord, SnapshotDetail } from '../../shared/results.ts';
import { paintStatus } from './list-text.ts';
import { formatPairs, formatSections, formatSome } from './sections.ts';
import { formatTable } from './table.ts';
import type { TextStyle } from './text-style.ts';
import { formatLocalTime } from './time-text.ts';

const longestList = 50;

/** Everything about one snapshot, in sections. */
export function formatSnapshotDetail(snapshot: SnapshotDetail, style: TextStyle): string {
  const sections = [
    { title: escapeControl(snapshot.id), lines: formatOverview(snapshot, style) },
    {
      title: 'Brain',
      lines: snapshot.brain === null ? ['none in this snapshot'] : formatDatabase(snapshot.brain, style),
    },
    ...snapshot.databases.map((database) => ({
      title: `Database ${escapeControl(database.path)}`,
      lines: formatDatabase(database, style),
    })),
    { title: 'Code', lines: snapshot.code === null ? ['none in this snapshot'] : formatCode(snapshot.code, style) },
    { title: 'What was covered', lines: formatCoverage(snapshot, style) },
    { title: 'Skipped', lines: formatSkipped(snapshot.skipped) },
    { title: 'Warnings', lines: formatWarnings(snapshot.warnings) },
    { title: 'Left out for safety', lines: snapshot.envFiles.map(formatEnvFile) },
    { title: 'Checks', lines: snapshot.checks.map((check) => formatCheck(check, style)) },
  ];
  return formatSections(sections, style);
}

/** One line for each path that is missing, with the reason. */
export function formatSkipped(skipped: readonly Skipped[]): string[] {
  const lines = skipped.map(({ path, reason, detail }) => {
    const more = detail === undefined ? '' : ` (${escapeControl(detail)})`;
    return `${escapeControl(path)}: ${reason}${more}`;
  });
  return formatSome(lines, longestList);
}

export function formatWarnings(warnings: readonly Warning[]): string[] {
  return warnings.map(({ message }) => escapeControl(message));
}

function formatOverview(snapshot: SnapshotDetail, style: TextStyle): string[] {
  const made = [snapshot.host, snapshot.appVersion, snapshot.nodeVersion].every((value) => value === '');
  const pairs = [
    ['status', paintStatus(snapshot.status, style)],
    ['taken', `${formatLocalTime(snapshot.createdAt)} (${formatAge(snapshot.createdAt, style.now)})`],
    ['trigger', snapshot.trigger],
    ['duration', snapshot.durationMs > 0 ? formatDuration(snapshot.durationMs) : ''],
    ['disk', `${formatBytes(snapshot.diskBytes)} would be freed by removing it`],
    ['pinned', snapshot.pinned ? 'yes' : ''],
    ['note', escapeControl(snapshot.note)],
    ['folder', escapeControl(snapshot.path)],
    ['root', escapeControl(snapshot.root)],
    ['made by', made ? '' : escapeControl(`${snapshot.appVersion} on ${snapshot.host}, Node ${snapshot.nodeVersion}`)],
    ['parent', escapeControl(snapshot.parent ?? '')],
    ['git commit', escapeControl(snapshot.gitCommit ?? '')],
  ] as const;
  return formatPairs(pairs, style);
}

function formatDatabase(database: DatabasePart, style: TextStyle): string[] {
  const sound = database.integrity === 'ok';
  const pairs = [
    ['file', `${escapeControl(database.file)}, ${formatBytes(database.bytes)}`],
    ['integrity', sound ? style.good('ok') : style.bad(escapeControl(database.integrity))],
    [
      'foreign keys',
      database.foreignKeyViolations === 0 ? '' : style.warning(formatCount(database.foreignKeyViolations, 'violation')),
    ],
    ['journal', escapeControl(database.journalMode)],
    ['lock held', formatDuration(database.lockHeldMs)],
    ['sha256', escapeControl(database.sha256)],
  ] as const;
  const rows = database.tables.map(({ name, rows: count, maxRowid }) => [
    formatNumber(count),
    maxRowid === null ? '' : String(maxRowid),
    escapeControl(name),
  ]);
  if (rows.length === 0) return formatPairs(pairs, style);
  const columns = [
    { title: 'ROWS', align: 'right' },
    { title: 'LAST ROWID', align: 'right' },
    { title: 'TABLE' },
  ] as const;
  return [...formatPairs(pairs, style), ...formatTable(columns, rows).split('\n')];
}

function formatCode(code: CodePart, style: TextStyle): string[] {
  const pairs = [
    ['file', `${escapeControl(code.file)}, ${formatBytes(code.bytes)}${code.linked ? ', the same as before' : ''}`],
    ['holds', `${formatCount(code.files, 'file')}, ${formatBytes(code.rawBytes)}`],
    ['packs', code.packs.total === 0 ? '' : `${code.packs.total}, ${code.packs.reused} of them reused`],
    ['sha256', escapeControl(code.sha256)],
  ] as const;
  return formatPairs(pairs, style);
}

function formatCoverage(snapshot: SnapshotDetail, style: TextStyle): string[] {
  const pairs = [
    ['include', escapeControl(snapshot.include.join(' '))],
    ['exclude', escapeControl(snapshot.exclude.join(' '))],
  ] as const;
  return formatPairs(pairs, style);
}

function formatEnvFile({ path, keys }: SnapshotDetail['envFiles'][number]): string {
  const names = keys.length === 0 ? 'no keys' : keys.map(escapeControl).join(', ');
  return `${escapeControl(path)}: ${names}`;
}

function formatCheck({ kind, at, durationMs, ok, problems }: CheckRecord, style: TextStyle): string {
  const result = ok ? style.good('good') : style.bad(formatCount(problems, 'problem'));
  return `${formatLocalTime(at)}  ${kind}: ${result}, in ${formatDuration(durationMs)}`;
}
