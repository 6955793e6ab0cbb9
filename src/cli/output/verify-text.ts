import { escapeControl, formatCount } from '../../shared/format.ts';
import type { VerifyResult } from '../../shared/results.ts';
import type { TextStyle } from './text-style.ts';

/** One line for each snapshot, and under a bad one the files that did not verify. */
export function formatVerify(results: readonly VerifyResult[], style: TextStyle): string {
  if (results.length === 0) return 'There are no snapshots to verify.';
  return results.map((result) => formatResult(result, style)).join('\n');
}

function formatResult({ id, status, problems }: VerifyResult, style: TextStyle): string {
  if (problems.length === 0) return `${style.good('✓')} ${escapeControl(id)}  ${status}`;
  const lines = problems.map(({ file, message }) => `    ${escapeControl(file)}: ${escapeControl(message)}`);
  const head = `${style.bad('✗')} ${escapeControl(id)}  ${status}, ${formatCount(problems.length, 'problem')}`;
  return [head, ...lines].join('\n');
}
