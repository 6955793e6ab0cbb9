import { formatCount, formatNumber } from '../../shared/format.ts';
import type { ShownDiff } from '../../shared/protocol/snapshot-views.ts';

/** What differs, in the words of a sentence: `212 memories`, `31 files in 4 services`. Empty where nothing does. */
export function diffWords({ services, totals, databases }: ShownDiff): readonly string[] {
  const files = totals.added + totals.changed + totals.removed;
  const memories = countMemories(databases);
  const changed = databases.filter(({ change }) => change !== 'same').length;
  const places = services.length > 1 ? ` in ${formatNumber(services.length)} places` : '';
  const what = [
    memories > 0 ? (memories === 1 ? '1 memory' : `${formatNumber(memories)} memories`) : '',
    files > 0 ? `${formatCount(files, 'file')}${places}` : '',
  ].filter((words) => words !== '');
  if (what.length === 0 && changed > 0) return [formatCount(changed, 'database')];
  return what;
}

/** Rows made from one to the other, in all tables of which that can be told. */
function countMemories(databases: ShownDiff['databases']): number {
  return databases
    .flatMap(({ tables }) => tables)
    .reduce(
      (sum, { rowsMade, rowsAfter, rowsBefore }) => sum + Math.max(0, rowsMade ?? (rowsAfter ?? 0) - (rowsBefore ?? 0)),
      0,
    );
}

/** How much of a table came or went: `+187`, `−3`, `new`, `gone`; a dash where nobody can tell. */
export function tableWords({
  change,
  rowsBefore,
  rowsAfter,
  rowsMade,
}: ShownDiff['databases'][number]['tables'][number]): string {
  if (change === 'added') return rowsAfter === null ? 'new' : `new, ${formatCount(rowsAfter, 'row')}`;
  if (change === 'removed') return rowsBefore === null ? 'gone' : `gone, ${formatCount(rowsBefore, 'row')}`;
  const known = rowsBefore !== null && rowsAfter !== null ? rowsAfter - rowsBefore : null;
  const made = rowsMade ?? known;
  const first = made === null || made === 0 ? '' : `${made > 0 ? '+' : '−'}${formatNumber(Math.abs(made))}`;
  const lost =
    known !== null && rowsMade !== null && rowsMade > known ? `${formatNumber(rowsMade - known)} removed` : '';
  return [first, lost].filter((words) => words !== '').join(', ') || '–';
}

/** Which of two is the older: changes are told in the order in which they happened. */
export function orderDiff(id: string, against: string): { readonly from: string; readonly to: string } {
  // The names of snapshots are their times.
  return against === 'now' || against > id ? { from: id, to: against } : { from: against, to: id };
}
