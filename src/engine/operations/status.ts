import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { formatDuration } from '../../shared/format.ts';
import type { Exposure, LockHolder, ProtectionState, Status } from '../../shared/results.ts';
import { lookAtDatabase } from '../brain/look.ts';
import type { EngineContext } from '../context.ts';
import { computeExposure } from '../growth/exposure.ts';
import { readHolder } from '../platform/locks.ts';
import { type CatalogEntry, readCatalog } from '../snapshot/catalog.ts';
import { currentBaseline } from '../snapshot/current-baseline.ts';
import { measureDiskUse } from '../snapshot/disk-use.ts';
import { locksFolder } from './with-locks.ts';

/** From this exposure on the state is `unprotected`. */
const unprotectedMs = 30 * 60 * 1000;

type Reason = Status['reasons'][number];

/** How safe the Brain is now: state, exposure, newest snapshot, baseline, disk. */
export async function status(context: EngineContext): Promise<Status> {
  const backups = context.backups();
  const root = context.root();
  const catalog = readCatalog(backups);
  const baseline = currentBaseline(context, catalog);
  const look = lookForExposure(context, baseline);
  const holder = await findHolder(context, backups);
  const { state, reasons } = judge(catalog, baseline, look);
  return {
    state: holder?.what === 'snapshot' ? 'running' : state,
    reasons,
    root,
    backups,
    exposure: look.exposure,
    last: catalog[0]?.snapshot ?? null,
    baseline: baseline?.snapshot.id ?? null,
    snapshots: catalog.length,
    lastDrill: findLastDrill(catalog),
    disk: measureDiskUse(backups),
    holder,
  };
}

function findLastDrill(catalog: readonly CatalogEntry[]): Status['lastDrill'] {
  const drills = catalog.flatMap(({ snapshot, meta }) =>
    meta.checks
      .filter(({ kind }) => kind === 'drill')
      .map(({ at, durationMs, ok }) => ({ id: snapshot.id, at, durationMs, ok })),
  );
  return drills.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null;
}

interface LookResult {
  readonly exposure: Exposure | null;
  readonly failure: Reason | null;
}

function lookForExposure(context: EngineContext, baseline: CatalogEntry | undefined): LookResult {
  try {
    const look = lookAtDatabase(join(context.root(), context.brainPath()));
    if (look === null) {
      const message = 'The Brain is locked by another program or can not be read, so nobody knows what has changed.';
      return { exposure: null, failure: { message, hint: 'Try again; if it stays so, run "codex-backup doctor".' } };
    }
    const { brain, createdAt } = baseline?.snapshot ?? {};
    const before =
      brain && createdAt ? { bytes: brain.bytes, tables: brain.tables, atMs: Date.parse(createdAt) } : undefined;
    return { exposure: computeExposure(look, before, context.clock.now()), failure: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { exposure: null, failure: { message: error.message, hint: error.hint ?? '' } };
  }
}

async function findHolder(context: EngineContext, backups: string): Promise<LockHolder | null> {
  try {
    return await readHolder(locksFolder(backups), 'writer', context.clock);
  } catch (error) {
    // The folder can't be written, so nobody can hold its lock.
    if (!(error instanceof AppError)) throw error;
    return null;
  }
}

function judge(
  catalog: readonly CatalogEntry[],
  baseline: CatalogEntry | undefined,
  { exposure, failure }: LookResult,
): { readonly state: ProtectionState; readonly reasons: readonly Reason[] } {
  const unprotected: Reason[] = [];
  const attention: Reason[] = failure === null ? [] : [failure];
  if (baseline === undefined) {
    unprotected.push({ message: 'There is no good copy of the Brain.', hint: 'Take one: "codex-backup run".' });
  }
  if (exposure?.milliseconds != null && exposure.milliseconds > unprotectedMs) {
    const since = formatDuration(exposure.milliseconds);
    unprotected.push({
      message: `The Brain has changed and was last saved ${since} ago.`,
      hint: 'Run "codex-backup run".',
    });
  }
  const newest = catalog[0]?.snapshot;
  if (newest !== undefined && newest.status !== 'verified' && newest.status !== 'legacy') {
    attention.push({
      message: `The newest snapshot is ${newest.status}.`,
      hint: `See why: "codex-backup show ${newest.id}".`,
    });
  }
  const state = unprotected.length > 0 ? 'unprotected' : attention.length > 0 ? 'attention' : 'protected';
  return { state, reasons: [...unprotected, ...attention] };
}
