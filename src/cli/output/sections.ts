import { formatNumber } from '../../shared/format.ts';
import type { TextStyle } from './text-style.ts';

/** A titled block of lines; one without lines is left out. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Blocks one under the other, their lines indented. */
export function formatSections(sections: readonly Section[], style: TextStyle): string {
  return sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => [style.bold(title), ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n');
}

/** `name` and `value` in two aligned columns; a pair without value is left out. */
export function formatPairs(pairs: readonly (readonly [name: string, value: string])[], style: TextStyle): string[] {
  const shown = pairs.filter(([, value]) => value !== '');
  const size = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${style.dim(name.padEnd(size))}  ${value}`);
}

/** The first `limit` lines, and how many more there are. */
export function formatSome(lines: readonly string[], limit: number): string[] {
  if (lines.length <= limit) return [...lines];
  return [...lines.slice(0, limit), `… and ${formatNumber(lines.length - limit)} more; --json lists them all`];
}
