import type { CoverageView, UncoveredPath } from '../../shared/protocol/set-up-views.ts';

export interface OpenPath extends UncoveredPath {
  readonly kind: 'service' | 'database';
}

export interface CoverageAnswers {
  /** In no snapshot, and nobody has said that this is meant to be so. Largest first, what isn't measured last. */
  readonly open: readonly OpenPath[];
  /** Left out by a line of `exclude` that names it. */
  readonly leftOut: readonly OpenPath[];
}

/** What the audit has found, less what was answered: to leave something out is a pattern for exactly that path. */
export function coverageAnswers({ services, databases }: CoverageView, exclude: readonly string[]): CoverageAnswers {
  const all: readonly OpenPath[] = [
    ...databases.map((path) => ({ ...path, kind: 'database' as const })),
    ...services.map((path) => ({ ...path, kind: 'service' as const })),
  ];
  const patterns = new Set(exclude);
  const isLeftOut = ({ path }: OpenPath) => patterns.has(leaveOutPattern(path));
  const bySize = all.toSorted((a, b) => (b.bytes ?? -1) - (a.bytes ?? -1) || a.path.localeCompare(b.path));
  return { open: bySize.filter((path) => !isLeftOut(path)), leftOut: bySize.filter(isLeftOut) };
}

/** The line of a .gitignore at the root that names this path and no other. */
export function leaveOutPattern(path: string): string {
  return `/${path.replaceAll(/[\\*?[\]!#]/g, '\\$&').replace(/ $/, '\\ ')}`;
}

/** `37 services and 1 database are`. */
export function countUncovered(paths: readonly OpenPath[]): string {
  const services = paths.filter(({ kind }) => kind === 'service').length;
  const databases = paths.length - services;
  const parts = [
    services === 0 ? '' : `${services} ${services === 1 ? 'service' : 'services'}`,
    databases === 0 ? '' : `${databases} ${databases === 1 ? 'database' : 'databases'}`,
  ].filter((part) => part !== '');
  return `${parts.join(' and ')} ${paths.length === 1 ? 'is' : 'are'}`;
}
