import { inspect } from 'node:util';
import type { ErrorReport } from '../../shared/app-error.ts';
import { escapeControl } from '../../shared/format.ts';
import type { TextStyle } from './text-style.ts';

/** What happened, what to do now, and with `verbose` what caused it. */
export function formatError(report: ErrorReport, error: unknown, verbose: boolean, style: TextStyle): string {
  const lines = [`${style.bad('error:')} ${escapeControl(report.message)}`];
  if (report.hint !== '') lines.push(`  ${escapeControl(report.hint)}`);
  if (verbose) lines.push(...causesOf(error).map((line) => style.dim(`  ${escapeControl(line)}`)));
  return lines.join('\n');
}

function causesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [inspect(error)];
  const stack = (error.stack ?? error.message).split('\n');
  if (error.cause === undefined) return stack;
  const [first = '', ...rest] = causesOf(error.cause);
  return [...stack, `caused by: ${first}`, ...rest];
}
