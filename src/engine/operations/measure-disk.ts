import type { Status } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import { measureTrend } from '../snapshot/disk-trend.ts';
import { measureDiskUse } from '../snapshot/disk-use.ts';

/** What the backups take, and how fast that grows. Where retention removes as much as comes, nothing gets full. */
export function measureDisk(context: EngineContext, catalog: readonly CatalogEntry[]): Status['disk'] {
  const disk = measureDiskUse(context.backups());
  const snapshots = catalog.map(({ snapshot }) => snapshot);
  const trend = measureTrend(snapshots, disk.freeBytes);
  const isPruned = context.settings().retention.afterEachSnapshot;
  return { ...disk, trend: trend !== null && isPruned ? { ...trend, fullInDays: null } : trend };
}
