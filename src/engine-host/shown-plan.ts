import type { ShownPlan, ShownReport } from '../shared/protocol/restore-views.ts';
import type { RestorePlan, RestoreReport } from '../shared/restore-plan.ts';

const shownPaths = 1000;

/** The plan without what only the restore itself needs, its lists cut. */
export function showPlan({ code, ...plan }: RestorePlan): ShownPlan {
  if (code === null) return { ...plan, code: null };
  const { moves, changes, kept, asideWithUncovered, ...rest } = code;
  return {
    ...plan,
    code: {
      ...rest,
      changes: changes.slice(0, shownPaths),
      kept: kept.slice(0, shownPaths),
      asideWithUncovered: asideWithUncovered.slice(0, shownPaths),
      totals: { changes: changes.length, kept: kept.length, asideWithUncovered: asideWithUncovered.length },
    },
  };
}

export function showReport({ plan, ...report }: RestoreReport): ShownReport {
  return { ...report, plan: showPlan(plan) };
}

/**
 * Whether what would happen now is what somebody has agreed to. A Codex that runs goes on making memories, so counts
 * and sizes may grow; what is replaced, moved, removed or run may not be another.
 */
export function isSamePlan(seen: RestorePlan, now: RestorePlan): boolean {
  return JSON.stringify(essence(seen)) === JSON.stringify(essence(now));
}

function essence({ what, source, root, scope, paths, databases, code, full, steps }: RestorePlan): unknown {
  return {
    what,
    source,
    root,
    scope,
    paths,
    databases: databases.map(({ path, change, tables }) => ({ path, change, tables: tables.map(({ name }) => name) })),
    changes: code?.changes.map(({ path, change }) => [path, change]),
    moves: code?.moves,
    asideWithUncovered: code?.asideWithUncovered,
    full,
    steps: steps.map(({ step, commands }) => [step, commands.map(({ command, folder }) => [command, folder])]),
  };
}
