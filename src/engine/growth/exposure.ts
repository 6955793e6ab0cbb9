import type { TableCount } from '../../shared/model.ts';
import type { Exposure } from '../../shared/results.ts';

/** What is compared of a Brain: its size and the greatest rowid of each table. */
export interface BrainState {
  readonly bytes: number;
  readonly tables: readonly Pick<TableCount, 'name' | 'maxRowid'>[];
}

/** What would be lost if the Brain were lost now: all that came since the baseline. Without one, all of it. */
export function computeExposure(
  now: BrainState,
  baseline: (BrainState & { readonly atMs: number }) | undefined,
  nowMs: number,
): Exposure {
  const before = new Map(baseline?.tables.map(({ name, maxRowid }) => [name, maxRowid ?? 0]));
  const rows = now.tables
    .map(({ name, maxRowid }) => ({ table: name, rows: Math.max(0, (maxRowid ?? 0) - (before.get(name) ?? 0)) }))
    .filter(({ rows }) => rows > 0);
  const bytes = Math.max(0, now.bytes - (baseline?.bytes ?? 0));
  const unchanged = baseline !== undefined && rows.length === 0 && bytes === 0;
  const milliseconds = baseline === undefined ? null : unchanged ? 0 : Math.max(0, nowMs - baseline.atMs);
  return { milliseconds, bytes, rows };
}
