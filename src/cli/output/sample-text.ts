import { escapeControl, quoteForShell } from '../../shared/format.ts';
import { formatPairs } from './sections.ts';
import type { TextStyle } from './text-style.ts';

/** Where a sample Codex is, and what to try on it. */
export function formatSample(
  sample: { readonly root: string; readonly backups: string },
  commands: readonly string[],
  style: TextStyle,
): string {
  const where = formatPairs(
    [
      ['root', escapeControl(sample.root)],
      ['backups', escapeControl(sample.backups)],
    ],
    style,
  );
  const next = commands.map((command) => `  ${style.program} ${command} --root ${quoteForShell(sample.root)}`);
  return [style.bold('A sample Codex'), ...where.map((line) => `  ${line}`), '', 'Try next:', ...next].join('\n');
}
