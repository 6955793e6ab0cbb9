import { formatBytes, formatCount, formatDuration } from '../../shared/format.ts';
import type { RetentionRules } from '../../shared/retention.ts';
import { agesOf, type HistoryItem } from './history.ts';

/** One rule, applied to a history. */
export interface AppliedRule {
  /** Why a snapshot that it wants is kept: `one of the last 10`. */
  readonly keeps: string;
  /** Why it doesn't want another: `not one of the last 10`. */
  readonly misses: string;
  readonly wanted: ReadonlySet<string>;
}

/** What each rule that is set wants of a history that is ordered newest first. */
export function applyRules(rules: RetentionRules, ordered: readonly HistoryItem[]): readonly AppliedRule[] {
  const { keepLast, keepWithinDays, maxBytes } = rules;
  const applied: AppliedRule[] = [];
  if (keepLast !== undefined) {
    const what = `one of the last ${keepLast}`;
    applied.push({ keeps: what, misses: `not ${what}`, wanted: newestOfEach(ordered, keepLast, ({ id }) => id) });
  }
  if (keepWithinDays !== undefined) {
    const span = formatDuration(keepWithinDays * dayMs);
    const wanted = within(ordered, keepWithinDays * dayMs);
    applied.push({ keeps: `within ${span} of the newest`, misses: `not within ${span} of the newest`, wanted });
  }
  for (const { key, word, bucket } of buckets) {
    const count = rules[key];
    if (count === undefined) continue;
    applied.push({
      keeps: `the newest of its ${word}`,
      misses: `not the newest of one of the last ${formatCount(count, word)}`,
      wanted: newestOfEach(ordered, count, bucket),
    });
  }
  if (maxBytes !== undefined) {
    const size = formatBytes(maxBytes);
    const wanted = fitting(ordered, maxBytes);
    applied.push({
      keeps: `the newest ones fit in ${size}`,
      misses: `does not fit in ${size} with the newer ones`,
      wanted,
    });
  }
  return applied;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Bucket = (item: HistoryItem) => string | number;

/**
 * In UTC, like the names of snapshots: no hour comes twice or is left out when the clocks change, and a journey does
 * not change the plan. Weeks begin on Monday.
 */
const buckets: readonly { readonly key: keyof RetentionRules; readonly word: string; readonly bucket: Bucket }[] = [
  { key: 'keepHourly', word: 'hour', bucket: ({ createdAtMs }) => Math.floor(createdAtMs / hourMs) },
  { key: 'keepDaily', word: 'day', bucket: ({ createdAtMs }) => Math.floor(createdAtMs / dayMs) },
  { key: 'keepWeekly', word: 'week', bucket: ({ createdAtMs }) => Math.floor((createdAtMs / dayMs + 3) / 7) },
  { key: 'keepMonthly', word: 'month', bucket: ({ createdAtMs }) => new Date(createdAtMs).toISOString().slice(0, -17) },
  { key: 'keepYearly', word: 'year', bucket: ({ createdAtMs }) => new Date(createdAtMs).getUTCFullYear() },
];

/**
 * The newest snapshot of each bucket, until `count` buckets have one with a good Brain. One without is kept as the
 * newest of its bucket, but takes nobody's place: ten broken ones are not the last ten.
 */
function newestOfEach(ordered: readonly HistoryItem[], count: number, bucketOf: Bucket): ReadonlySet<string> {
  const wanted = new Set<string>();
  const begun = new Set<string | number>();
  const done = new Set<string | number>();
  for (const item of ordered) {
    if (done.size >= count) break;
    const bucket = bucketOf(item);
    if (done.has(bucket) || (begun.has(bucket) && !item.hasGoodBrain)) continue;
    wanted.add(item.id);
    begun.add(bucket);
    if (item.hasGoodBrain) done.add(bucket);
  }
  return wanted;
}

function within(ordered: readonly HistoryItem[], spanMs: number): ReadonlySet<string> {
  const ages = agesOf(ordered);
  return new Set(ordered.filter(({ id }) => (ages.get(id) ?? 0) <= spanMs).map(({ id }) => id));
}

/** The newest ones, as many as take at most `maxBytes` together; what they share counts once. */
function fitting(ordered: readonly HistoryItem[], maxBytes: number): ReadonlySet<string> {
  const wanted = new Set<string>();
  const seen = new Set<string>();
  let bytes = 0;
  for (const item of ordered) {
    for (const file of item.files) {
      if (!seen.has(file.inode)) bytes += file.bytes;
      seen.add(file.inode);
    }
    if (bytes > maxBytes) break;
    wanted.add(item.id);
  }
  return wanted;
}
