import { escapeControl } from '../../shared/format.ts';
import type { DoctorFinding, DoctorReport } from '../../shared/results.ts';
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
