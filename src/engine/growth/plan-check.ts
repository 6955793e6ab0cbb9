import type { CatalogEntry } from '../snapshot/catalog.ts';

/** What a watcher has to know of a snapshot to see which check is due. */
export interface CheckedSnapshot {
  readonly id: string;
  /** The last time that it was read back; when it was made, if never since. */
  readonly verified: CheckResult;
  readonly drilled: CheckResult | null;
  /** It failed a trial restore, and nobody has read it back since. */
  readonly isDoubtful: boolean;
  /** False without a good Brain, and for those of v1.5. */
  readonly canDrill: boolean;
}

interface CheckResult {
  readonly atMs: number;
  readonly ok: boolean;
}

export interface CheckTask {
  readonly kind: 'verify' | 'drill';
  readonly id: string;
}

/** After how long each is done again; 0: never. */
export interface CheckRules {
  readonly verifyMs: number;
  readonly drillMs: number;
}

const dayMs = 86_400_000;

/** The check that is due, the most urgent first; null when none is. Pure; snapshots are newest first. */
export function planCheck(snapshots: readonly CheckedSnapshot[], rules: CheckRules, nowMs: number): CheckTask | null {
  const doubtful = snapshots.find(({ isDoubtful }) => isDoubtful);
  if (doubtful !== undefined) return { kind: 'verify', id: doubtful.id };
  return planDrill(snapshots, rules, nowMs) ?? planVerification(snapshots, rules, nowMs);
}

/** Of the latest good one; the first a day after the first snapshot, so that one knows early that it comes back. */
function planDrill(snapshots: readonly CheckedSnapshot[], { drillMs }: CheckRules, nowMs: number): CheckTask | null {
  const newest = snapshots.find(({ canDrill }) => canDrill);
  const oldest = snapshots.at(-1);
  if (drillMs === 0 || newest === undefined || oldest === undefined) return null;
  const last = snapshots.find(({ drilled }) => drilled !== null);
  const task: CheckTask = { kind: 'drill', id: newest.id };
  if (!last?.drilled) return isDue(oldest.verified.atMs, Math.min(dayMs, drillMs), nowMs) ? task : null;
  if (!last.drilled.ok && last !== newest) return task;
  return isDue(last.drilled.atMs, last.drilled.ok ? drillMs : Math.min(dayMs, drillMs), nowMs) ? task : null;
}

/** The one that was read back longest ago; one that was damaged then each day, for it may have been the disk. */
function planVerification(
  snapshots: readonly CheckedSnapshot[],
  { verifyMs }: CheckRules,
  nowMs: number,
): CheckTask | null {
  if (verifyMs === 0) return null;
  const due = snapshots.filter(({ verified: { atMs, ok } }) =>
    isDue(atMs, ok ? verifyMs : Math.min(dayMs, verifyMs), nowMs),
  );
  const [first] = due.toSorted((a, b) => a.verified.atMs - b.verified.atMs);
  return first === undefined ? null : { kind: 'verify', id: first.id };
}

/** A check that lies ahead by as much as its interval was made under a wrong clock, and is not waited for. */
function isDue(atMs: number, intervalMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) >= intervalMs;
}

/** What a catalog says of the checks of its snapshots. */
export function readChecks(catalog: readonly CatalogEntry[]): readonly CheckedSnapshot[] {
  return catalog.map(({ snapshot, meta: { checks }, damagedFiles }) => {
    const verified = checks.findLast(({ kind }) => kind === 'verify');
    const drilled = checks.findLast(({ kind }) => kind === 'drill');
    const last = checks.at(-1);
    const { id, createdAt, status, brain } = snapshot;
    const isDamaged = status === 'damaged';
    return {
      id,
      verified: verified === undefined ? { atMs: Date.parse(createdAt), ok: !isDamaged } : resultOf(verified),
      drilled: drilled === undefined ? null : resultOf(drilled),
      isDoubtful: last?.kind === 'drill' && !last.ok,
      canDrill: status !== 'legacy' && brain?.integrity === 'ok' && damagedFiles.size === 0,
    };
  });
}

const resultOf = ({ at, ok }: { readonly at: string; readonly ok: boolean }): CheckResult => ({
  atMs: Date.parse(at),
  ok,
});
