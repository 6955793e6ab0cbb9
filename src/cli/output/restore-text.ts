import { escapeControl, formatBytes, formatCount, formatDuration } from '../../shared/format.ts';
import type { RecoveredRestore, RestoreRecord, RestoreReport } from '../../shared/restore-plan.ts';
import { formatPairs, formatSome } from './sections.ts';
import { formatTable } from './table.ts';
import type { TextStyle } from './text-style.ts';

/** What a restore or an undo did, and where what it replaced is kept. */
export function formatRestore(
  { id, plan, safety, replaced, startProblem, health, durationMs }: RestoreReport,
  style: TextStyle,
): string {
  const source = escapeControl(plan.source);
  if (id === null) return `Everything is as it was in ${source}; nothing was done.`;
  const done = plan.what === 'undo' ? `${source} is undone` : `${source} is back`;
  const pairs = [
    ['saved before', safety === null ? 'the files moved aside are the safety copy' : escapeControl(safety)],
    ['replaced', escapeControl(replaced ?? '')],
    ['go back', 'codex-backup undo'],
    ['healthy', health.length === 0 ? '' : formatCount(health.length, 'service')],
    ['not running', startProblem === null ? '' : style.bad(escapeControl(startProblem))],
  ] as const;
  return [`${style.good(done)}, in ${formatDuration(durationMs)}.`, ...formatPairs(pairs, style)].join('\n');
}

/** What came into a folder of the user's choice, and what was left out. */
export function formatRestoredInto({ plan, durationMs, warnings }: RestoreReport, style: TextStyle): string {
  const done = `${style.good(`${escapeControl(plan.source)} is in ${escapeControl(plan.root)}`)}, in ${formatDuration(durationMs)}.`;
  return [
    done,
    ...formatSome(
      warnings.map(({ message }) => style.warning(escapeControl(message))),
      20,
    ),
  ].join('\n');
}

/** The restores of the past in a table. */
export function formatRestores(restores: readonly RestoreRecord[], style: TextStyle): string {
  if (restores.length === 0) return 'There was no restore yet.';
  const columns = [
    { title: 'RESTORE' },
    { title: 'STATE' },
    { title: 'WHAT' },
    { title: 'KEEPS', align: 'right' },
  ] as const;
  const rows = restores.map(({ id, state, what, scope, source, bytes }) => [
    escapeControl(id),
    state === 'interrupted' ? style.bad(state) : state,
    what === 'undo' ? `undo of ${escapeControl(source)}` : `${escapeControl(scope)} of ${escapeControl(source)}`,
    formatBytes(bytes),
  ]);
  return formatTable(columns, rows);
}

export function formatRecovered(recovered: readonly RecoveredRestore[], style: TextStyle): string {
  if (recovered.length === 0) return 'No restore was interrupted.';
  return recovered
    .map(({ id, outcome, startProblem }) => {
      const told = outcome === 'restored' ? 'was finished' : 'was rolled back: everything is as it was before';
      const problem =
        startProblem === null ? '' : `\n  ${style.bad('Codex could not be started:')} ${escapeControl(startProblem)}`;
      return `${escapeControl(id)} ${told}.${problem}`;
    })
    .join('\n');
}
