import { escapeControl } from '../../shared/format.ts';
import type { DoctorFinding, DoctorReport } from '../../shared/results.ts';
import { formatSections } from './sections.ts';
import type { TextStyle } from './text-style.ts';

/** Findings with ✓, ! or ✗ and what to do, then what no snapshot would hold. */
export function formatDoctor({ findings, coverage }: DoctorReport, style: TextStyle): string {
  const sections = [
    { title: 'Set-up', lines: findings.flatMap((finding) => formatFinding(finding, style)) },
    { title: 'Services that no snapshot holds', lines: coverage.services.map(escapeControl) },
    { title: 'Databases that no snapshot holds', lines: coverage.databases.map(escapeControl) },
  ];
  return formatSections(sections, style);
}

function formatFinding({ level, message, hint }: DoctorFinding, style: TextStyle): string[] {
  const marks = { ok: style.good('✓'), warning: style.warning('!'), error: style.bad('✗') };
  const line = `${marks[level]} ${escapeControl(message)}`;
  return hint === '' ? [line] : [line, `    ${escapeControl(hint)}`];
}
