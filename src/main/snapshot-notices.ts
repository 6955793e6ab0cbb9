import { formatBytes, formatCount, formatNumber } from '../shared/format.ts';
import type { DatabaseView } from '../shared/protocol/snapshot-views.ts';
import type { SnapshotRow } from '../shared/protocol/status-views.ts';
import type { Notice } from './notice.ts';

/** A new automatic snapshot, with what was made in the Brain since the one before. */
export interface NewSnapshot {
  readonly row: SnapshotRow;
  readonly made: readonly { readonly table: string; readonly rows: number }[];
}

const recentMs = 10 * 60_000;
/** Notices of snapshots come no closer together: those between are told in one. */
export const gatherSnapshotsMs = 10 * 60_000;
const shownTables = 3;

/** Taken by themselves, lately, and not among those that were there before. */
export function findNewSnapshots(
  known: ReadonlySet<string>,
  rows: readonly SnapshotRow[],
  nowMs: number,
): readonly SnapshotRow[] {
  return rows.filter(
    ({ id, trigger, createdAt, status }) =>
      !known.has(id) &&
      trigger !== 'manual' &&
      trigger !== 'pre-restore' &&
      trigger !== 'legacy' &&
      status !== 'damaged' &&
      Math.abs(nowMs - Date.parse(createdAt)) < recentMs,
  );
}

/** Rows that the Brain has more than in the snapshot before, by table. */
export function rowsMadeIn(views: readonly DatabaseView[]): NewSnapshot['made'] {
  const tables = views.find(({ isBrain }) => isBrain)?.tables ?? [];
  return tables.flatMap(({ name, sincePrevious }) =>
    sincePrevious === null || sincePrevious <= 0 ? [] : [{ table: name, rows: sincePrevious }],
  );
}

/** One notice for all of them, oldest first; `byteBase` as the system's file manager counts. */
export function planSnapshotNotice(snapshots: readonly NewSnapshot[], byteBase: 1000 | 1024): Notice | undefined {
  const newest = snapshots.at(-1);
  if (newest === undefined) return undefined;
  const isOne = snapshots.length === 1;
  const flaw = snapshots.some(({ row }) => row.status === 'incomplete') ? ' Something could not be read.' : '';
  return {
    kind: 'snapshots',
    title: isOne ? 'Snapshot taken' : `${formatCount(snapshots.length, 'snapshot')} taken`,
    body: `${whatWasSaved(snapshots, byteBase)}.${flaw}`,
    hash: isOne ? `#/snapshot/${newest.row.id}` : '#/',
  };
}

/** `Brain +62 KB, 41 events`. */
function whatWasSaved(snapshots: readonly NewSnapshot[], byteBase: 1000 | 1024): string {
  const isFirst = snapshots.some(({ row }) => row.brainBytes !== null && row.brainChange === null);
  const bytes = snapshots.reduce((sum, { row }) => sum + (row.brainChange ?? 0), 0);
  const last = snapshots.at(-1)?.row.brainBytes ?? null;
  if (last === null) return 'Without the Brain';
  if (isFirst) return `Brain ${formatBytes(last, byteBase)}`;
  const grown = bytes === 0 ? 'Brain saved' : `Brain ${bytes > 0 ? '+' : '−'}${formatBytes(Math.abs(bytes), byteBase)}`;
  return [grown, ...tablesMade(snapshots)].join(', ');
}

function tablesMade(snapshots: readonly NewSnapshot[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const { table, rows } of snapshots.flatMap(({ made }) => made)) sums.set(table, (sums.get(table) ?? 0) + rows);
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, shownTables)
    .map(([table, rows]) => `${formatNumber(rows)} ${rows === 1 ? table.replace(/s$/, '') : table}`);
}
