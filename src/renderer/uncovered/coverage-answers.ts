import { formatCount } from '../../shared/format.ts';
import type { CoverageView, UncoveredPath } from '../../shared/protocol/set-up-views.ts';

export interface OpenPath extends UncoveredPath {
  readonly kind: 'service' | 'database' | 'folder' | 'file';
}

/** In no snapshot, and not left out on purpose. Databases and large things first, what isn't measured last. */
export function openPaths({ services, databases, scripts, files }: CoverageView): readonly OpenPath[] {
  const of = (kind: OpenPath['kind'], paths: readonly UncoveredPath[]) => paths.map((path) => ({ ...path, kind }));
  const all = [
    ...of('database', databases),
    ...of('service', services),
    ...of('folder', scripts),
    ...of('file', files),
  ];
  return all.toSorted((a, b) => (b.bytes ?? -1) - (a.bytes ?? -1) || rank(a) - rank(b) || a.path.localeCompare(b.path));
}

/** `37 services and 1 database are`. */
export function countUncovered(paths: readonly OpenPath[]): string {
  const kinds = ['service', 'database', 'folder', 'file'] as const;
  const counts = kinds
    .map((kind) => ({ kind, count: paths.filter((path) => path.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => formatCount(count, kind));
  const last = counts.at(-1) ?? '';
  const list = counts.length < 2 ? last : `${counts.slice(0, -1).join(', ')} and ${last}`;
  return `${list} ${paths.length === 1 ? 'is' : 'are'}`;
}

function rank({ kind }: OpenPath): number {
  return ['database', 'service', 'folder', 'file'].indexOf(kind);
}
