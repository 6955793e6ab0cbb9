import type { ServiceDiff, ShownDiff } from '../shared/protocol/snapshot-views.ts';
import type { CodeChange, SnapshotDiff } from '../shared/results.ts';

const shownChanges = 2000;

/** What changed, by first-level folder, with as many files as a window can show. */
export function showDiff({ from, to, code, databases }: SnapshotDiff): ShownDiff {
  const services = new Map<string, { added: number; changed: number; removed: number }>();
  const totals = { added: 0, changed: 0, removed: 0 };
  for (const { path, change } of code) {
    const folder = serviceOf(path);
    const counts = services.get(folder) ?? { added: 0, changed: 0, removed: 0 };
    services.set(folder, counts);
    counts[change] += 1;
    totals[change] += 1;
  }
  const byName = [...services].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    from,
    to,
    services: byName.map(([folder, counts]): ServiceDiff => ({ folder, ...counts })),
    totals,
    code: [...code].sort(byPath).slice(0, shownChanges),
    databases,
  };
}

/** Files in `packages/` belong to the package, others to their first-level folder. */
function serviceOf(path: string): string {
  const names = path.split('/');
  if (names.length === 1) return '';
  const depth = names[0] === 'packages' && names.length > 2 ? 2 : 1;
  return names.slice(0, depth).join('/');
}

const byPath = (a: CodeChange, b: CodeChange): number => (a.path < b.path ? -1 : 1);
