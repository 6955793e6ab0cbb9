import { formatCount } from './format.ts';
import type { Coverage } from './results.ts';

const shown = 3;

/** Every path that no snapshot holds. */
export function uncoveredPaths({ services, databases, scripts, files }: Coverage): readonly string[] {
  return [...services, ...databases, ...scripts, ...files];
}

/** `1 service, 1 database and 2 files (codex-ears, …)`; empty when all is covered. */
export function describeCoverage(coverage: Coverage): string {
  const { services, databases, scripts, files } = coverage;
  const counts = [
    ...(services.length > 0 ? [formatCount(services.length, 'service')] : []),
    ...(databases.length > 0 ? [formatCount(databases.length, 'database')] : []),
    ...scripts.map((folder) => `the folder ${folder}`),
    ...(files.length > 0 ? [formatCount(files.length, 'file')] : []),
  ];
  if (counts.length === 0) return '';
  const paths = [...services, ...databases, ...files];
  const named = paths.length === 0 ? '' : ` (${paths.slice(0, shown).join(', ')}${paths.length > shown ? ', …' : ''})`;
  const last = counts.at(-1) ?? '';
  const list = counts.length === 1 ? last : `${counts.slice(0, -1).join(', ')} and ${last}`;
  return `${list}${named}`;
}
