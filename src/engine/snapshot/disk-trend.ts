import type { Snapshot } from '../../shared/model.ts';
import type { DiskTrend } from '../../shared/results.ts';
import { listFiles } from './list-files.ts';

const dayMs = 86_400_000;
const longestMs = 28 * dayMs;
const shortestMs = dayMs;

/**
 * How fast the snapshots of the last four weeks fill the disk, from those that are still there, newest first. Null
 * before they span a day.
 */
export function measureTrend(newestFirst: readonly Snapshot[], freeBytes: number): DiskTrend | null {
  const newestMs = Date.parse(newestFirst[0]?.createdAt ?? '');
  const recent = newestFirst.filter(({ createdAt }) => {
    const age = newestMs - Date.parse(createdAt);
    return age >= 0 && age <= longestMs;
  });
  const spanMs = newestMs - Date.parse(recent.at(-1)?.createdAt ?? '');
  if (!(spanMs >= shortestMs)) return null;
  const bytesPerDay = (newBytes(recent) / spanMs) * dayMs;
  return {
    bytesPerWeek: Math.round(bytesPerDay * 7),
    fullInDays: bytesPerDay > 0 ? Math.floor(freeBytes / bytesPerDay) : null,
  };
}

/** What came on the disk after the oldest of them: files that neither it nor anything older has a name for. */
function newBytes(recent: readonly Snapshot[]): number {
  const names = new Map<string, number>();
  const later = recent.slice(0, -1).flatMap(({ path }) => listFiles(path));
  for (const { inode } of later) names.set(inode, (names.get(inode) ?? 0) + 1);
  const counted = new Set<string>();
  let bytes = 0;
  for (const file of later) {
    if (counted.has(file.inode) || names.get(file.inode) !== file.links) continue;
    counted.add(file.inode);
    bytes += file.bytes;
  }
  return bytes;
}
