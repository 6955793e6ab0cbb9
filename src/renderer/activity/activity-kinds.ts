import type { Activity } from '../../shared/results.ts';

/** What one can filter by. */
export const activityFilters = [
  { value: 'all', label: 'All' },
  { value: 'snapshots', label: 'Snapshots' },
  { value: 'checks', label: 'Checks' },
  { value: 'restores', label: 'Restores' },
  { value: 'changes', label: 'Changes' },
  { value: 'problems', label: 'Problems' },
] as const;
export type ActivityFilter = (typeof activityFilters)[number]['value'];

const groups: Readonly<Record<string, Exclude<ActivityFilter, 'all' | 'problems'>>> = {
  snapshot: 'snapshots',
  prune: 'changes',
  remove: 'changes',
  settings: 'changes',
  verify: 'checks',
  drill: 'checks',
  alarm: 'checks',
  restore: 'restores',
  undo: 'restores',
  recover: 'restores',
};

const words: Readonly<Record<string, string>> = {
  snapshot: 'Snapshot',
  prune: 'Clean up',
  remove: 'Removed',
  settings: 'Settings',
  verify: 'Verified',
  drill: 'Trial restore',
  alarm: 'Alarm',
  restore: 'Restore',
  undo: 'Undo',
  recover: 'Recovery',
};

/** The kind in a word; a newer version may record others. */
export function activityWord({ kind }: Pick<Activity, 'kind'>): string {
  return Object.hasOwn(words, kind) ? (words[kind] ?? kind) : kind;
}

/** Whether an entry is of that kind, and has every word of the text in its message, kind or snapshot. */
export function matchesActivity(entry: Activity, filter: ActivityFilter, text: string): boolean {
  const group = Object.hasOwn(groups, entry.kind) ? groups[entry.kind] : undefined;
  const isOfKind = filter === 'all' || (filter === 'problems' ? !entry.ok : group === filter);
  if (!isOfKind) return false;
  const hay = `${entry.message} ${activityWord(entry)} ${entry.snapshot ?? ''}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
