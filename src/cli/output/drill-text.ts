import { escapeControl, formatDuration } from '../../shared/format.ts';
import type { DrillResult } from '../../shared/results.ts';
import { formatSome } from './sections.ts';
import type { TextStyle } from './text-style.ts';

const longestList = 50;

/** Whether the snapshot came back, and in how long. */
export function formatDrill({ id, ok, durationMs, problems }: DrillResult, style: TextStyle): string {
  const name = escapeControl(id);
  if (ok) return `${style.good('It comes back')}: ${name}, in ${formatDuration(durationMs)}.`;
  const lines = problems.map(({ file, message }) => `  ${escapeControl(file)}: ${escapeControl(message)}`);
  return [`${style.bad('It does not come back')}: ${name}`, ...formatSome(lines, longestList)].join('\n');
}
