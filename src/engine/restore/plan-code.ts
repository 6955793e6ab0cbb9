import type { CodeMove, CodePlan, ServiceChanges } from '../../shared/restore-plan.ts';
import type { CodeChange } from '../../shared/results.ts';
import type { SourceEntry } from './code-source.ts';
import type { CodeFacts } from './gather-code.ts';
import type { LiveEntry } from './live-entry.ts';
import { isWanted, liesBelow } from './path-tree.ts';

export interface PlanCodeOptions {
  /** Files that are not in the snapshot stay. */
  readonly keepExtra: boolean;
  readonly paths: readonly string[];
}

/**
 * Decides how the covered files become what they were: whole folders where nothing is in their place, single files and
 * links where they differ. Nothing is written over: what is in the way is moved aside first.
 */
export function planCode(facts: CodeFacts, { keepExtra, paths }: PlanCodeOptions): CodePlan {
  const asides = new Set<string>();
  const brings = new Set<string>();
  const modes: CodeMove[] = [];
  const changes: CodeChange[] = [];
  const unchanged: string[] = [];
  for (const entry of facts.entries) {
    const { path, kind, size } = entry;
    const isContent = kind !== 'folder';
    const live = facts.live.get(path);
    const action = liesBelow(path, brings) ? 'come-along' : decide(entry, live, isWanted(path, paths));
    if (action === 'replace') asides.add(path);
    if (action === 'replace' || action === 'bring') brings.add(path);
    if (action === 'mode') modes.push({ kind: 'mode', path, mode: entry.mode & 0o777 });
    if (!isContent) continue;
    if (action === 'keep') unchanged.push(path);
    else {
      const change = action === 'replace' || action === 'mode' ? 'changed' : 'added';
      changes.push({ path, change, bytesBefore: live?.bytes ?? 0, bytesAfter: size });
    }
  }
  const kept: string[] = [];
  for (const { path, kind, size } of facts.extra) {
    const isGone = liesBelow(path, asides);
    if (keepExtra && !isGone) {
      kept.push(path);
      continue;
    }
    if (!isGone && !(kind === 'folder' && facts.mixedFolders.has(path))) asides.add(path);
    if (kind !== 'folder') changes.push({ path, change: 'removed', bytesBefore: size, bytesAfter: 0 });
  }
  return {
    services: countByService(changes, unchanged),
    changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)),
    moves: [...toMoves('aside', asides), ...toMoves('bring', brings), ...modes],
    asideWithUncovered: [...asides].filter((path) => facts.mixedFolders.has(path)),
    kept,
  };
}

type Action = 'keep' | 'bring' | 'replace' | 'mode' | 'come-along';

function decide(entry: SourceEntry, live: LiveEntry | undefined, isAsked: boolean): Action {
  if (live === undefined) return 'bring';
  if (!live.isSame) return 'replace';
  // Setuid, setgid and sticky bits are not brought back.
  if (entry.kind === 'link' || !isAsked || (live.mode & 0o777) === (entry.mode & 0o777)) return 'keep';
  return 'mode';
}

const toMoves = (kind: 'aside' | 'bring', paths: ReadonlySet<string>): readonly CodeMove[] =>
  [...paths].map((path) => ({ kind, path }));

/** The first folder of a path, and the second below `packages`; empty for files in the root. */
function serviceOf(path: string): string {
  const first = path.indexOf('/');
  const second = path.startsWith('packages/') ? path.indexOf('/', first + 1) : -1;
  return path.slice(0, Math.max(first, second, 0));
}

function countByService(changes: readonly CodeChange[], unchanged: readonly string[]): readonly ServiceChanges[] {
  const counts = new Map<string, { added: number; changed: number; removed: number; unchanged: number }>();
  const count = (path: string, what: 'added' | 'changed' | 'removed' | 'unchanged'): void => {
    const folder = serviceOf(path);
    const service = counts.get(folder) ?? { added: 0, changed: 0, removed: 0, unchanged: 0 };
    service[what] += 1;
    counts.set(folder, service);
  };
  for (const { path, change } of changes) count(path, change);
  for (const path of unchanged) count(path, 'unchanged');
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, numbers]) => ({ folder, ...numbers }));
}
