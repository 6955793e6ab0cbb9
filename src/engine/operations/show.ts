import type { SnapshotDetail } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { type CatalogEntry, resolveSnapshot } from '../snapshot/catalog.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';

/** One snapshot with everything that its manifest and its record say. */
export function show(context: EngineContext, reference: string): SnapshotDetail {
  return detailOf(resolveSnapshot(requireBackups(context), reference));
}

/** A snapshot with all that its manifest and its record say. */
export function detailOf({
  snapshot,
  manifest,
  meta,
}: Pick<CatalogEntry, 'snapshot' | 'manifest' | 'meta'>): SnapshotDetail {
  return {
    ...snapshot,
    host: manifest?.host ?? 'unknown',
    appVersion: manifest?.appVersion ?? 'unknown',
    nodeVersion: manifest?.nodeVersion ?? 'unknown',
    root: manifest?.root ?? 'unknown',
    parent: manifest?.parent ?? null,
    include: manifest?.code?.include ?? [],
    exclude: manifest?.code?.exclude ?? [],
    gitCommit: manifest?.code?.gitCommit ?? null,
    envFiles: manifest?.envFiles ?? [],
    checks: meta.checks.map(({ problems, ...check }) => ({ ...check, problems: problems.length })),
  };
}
