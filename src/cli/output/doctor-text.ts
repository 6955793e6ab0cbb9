import { describeCoverage } from '../../shared/coverage.ts';
import { escapeControl } from '../../shared/format.ts';
import type { Coverage, CoverageChange, DoctorFinding, DoctorReport } from '../../shared/results.ts';
import type { TextStyle } from './text-style.ts';

/** Findings with ✓, ! or ✗, and what to do. What no snapshot holds is among them. */
export function formatDoctor({ findings }: DoctorReport, style: TextStyle): string {
  return findings.flatMap((finding) => formatFinding(finding, style)).join('\n');
}

function formatFinding({ level, message, hint }: DoctorFinding, style: TextStyle): string[] {
  const marks = { ok: style.good('✓'), warning: style.warning('!'), error: style.bad('✗') };
  const line = `${marks[level]} ${escapeControl(message)}`;
  return hint === '' ? [line] : [line, `    ${escapeControl(hint)}`];
}

/** What was added and left out, and what is still open. */
export function formatCoverageChange({ added, leftOut, coverage }: CoverageChange, style: TextStyle): string {
  const open = describeCoverage(coverage);
  const lines = [
    ...(added.length === 0 ? [] : [`Added: ${added.join(', ')}.`, `The next snapshot holds it: ${style.program} run`]),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join(', ')}.`]),
    ...(open === '' ? ['Nothing is uncovered that you have not left out.'] : [`Still uncovered: ${open}.`]),
  ];
  return lines.map(escapeControl).join('\n');
}

/** What the first snapshot leaves out, for the user to decide; empty when that is nothing. */
export function formatProposal(coverage: Coverage, style: TextStyle): string {
  const open = describeCoverage(coverage);
  if (open === '') return '';
  return `\n\nIt does not hold ${escapeControl(open)}.\n  Add all of it: ${style.program} doctor --add-all\n  See it one by one: ${style.program} doctor`;
}
