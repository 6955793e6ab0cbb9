import { AppError } from '../../shared/app-error.ts';
import type { LockHolder, StateReason, Status, WatcherStatus } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import { judgeProtection, type ProtectionFacts } from '../growth/judge-protection.ts';
import { readWatchState, type WatchState } from '../growth/watch-state.ts';
import { findInterrupted } from '../restore/list-restores.ts';
import { readAlarm } from '../snapshot/alarm.ts';
import { type CatalogEntry, readCatalog } from '../snapshot/catalog.ts';
import { currentBaseline } from '../snapshot/current-baseline.ts';
import { requireBackups } from '../snapshot/prepare-backups.ts';
import { copies, spreadOf } from './copies.ts';
import { findUncovered } from './coverage.ts';
import { lookForExposure } from './look-for-exposure.ts';
import { measureDisk } from './measure-disk.ts';
import { findRestorer, findWatcher, findWriter } from './with-locks.ts';

/** How safe the Brain is now: state, exposure, newest snapshot, baseline, watcher, alarm, disk. */
export async function status(context: EngineContext): Promise<Status> {
  const backups = context.backups();
  const root = context.root();
  const catalog = readCatalog(backups);
  const baseline = currentBaseline(context, catalog);
  const watched = readWatchState(context, root);
  const { exposure, failure } = lookForExposure(context, baseline, watched);
  const writer = await findWriter(context);
  const { interruptedRestore, restorer } = await findRestore(context);
  const { alarm, alarmFailure } = findAlarm(backups);
  const disk = measureDisk(context, catalog);
  const copyStatuses = await copies(context);
  const { state, reasons } = judgeProtection({
    interruptedRestore,
    backupsFailure: findMissingBackups(context),
    catalog,
    baseline,
    exposure,
    lookFailure: failure,
    failedRun: await findFailedRun(context, catalog),
    alarm,
    alarmFailure,
    coverage: findUncovered(context),
    freeBytes: disk.freeBytes,
    reserveBytes: context.settings().space.reserveBytes,
    copies: copyStatuses,
    nowMs: context.clock.now(),
  });
  return {
    state: writer?.what === 'snapshot' ? 'running' : state,
    reasons,
    root,
    backups,
    exposure,
    last: catalog[0]?.snapshot ?? null,
    baseline: baseline?.snapshot.id ?? null,
    snapshots: catalog.length,
    lastDrill: findLastDrill(catalog),
    disk,
    copies: copyStatuses,
    spread: spreadOf(copyStatuses, baseline !== undefined),
    holder: restorer ?? writer,
    watcher: describeWatcher(watched, baseline?.snapshot.id ?? null, await findWatcher(context)),
    alarm,
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

/** Why the last attempt failed; null when it did not, or a good snapshot came after it. */
async function findFailedRun(context: EngineContext, catalog: readonly CatalogEntry[]): Promise<string | null> {
  try {
    const happened = await context.state.listActivity({ root: context.root(), limit: 500 });
    const last = happened.find(({ kind }) => kind === 'snapshot');
    if (last === undefined || last.ok || last.snapshot !== null) return null;
    const saved = catalog.find(({ snapshot }) => snapshot.status === 'verified')?.snapshot.createdAt;
    return saved !== undefined && Date.parse(saved) > Date.parse(last.at) ? null : last.message;
  } catch (error) {
    context.logger.warn(`What happened can not be read: ${String(error)}`);
    return null;
  }
}

interface FoundRestore {
  readonly interruptedRestore: StateReason | null;
  readonly restorer: LockHolder | null;
}

/** A restore that somebody is at work on is not interrupted: who that is must be asked after the journals were read. */
async function findRestore(context: EngineContext): Promise<FoundRestore> {
  const interruptedRestore = findInterruptedRestore(context);
  const restorer = await findRestorer(context);
  return { interruptedRestore: restorer === null ? interruptedRestore : null, restorer };
}

function findInterruptedRestore(context: EngineContext): StateReason | null {
  const code = 'restore-interrupted';
  try {
    const [restore] = findInterrupted(context.root());
    if (restore === undefined) return null;
    const message = `The restore ${restore.folder.id} was interrupted: files may be half old, half new.`;
    return { code, message, hint: 'Finish it or roll it back: "codex-backup recover".' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code, message: error.message, hint: error.hint ?? '' };
  }
}

/** An empty mount point where a disk was. */
function findMissingBackups(context: EngineContext): ProtectionFacts['backupsFailure'] {
  try {
    requireBackups(context);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: 'backups-missing', message: error.message, hint: error.hint ?? '' };
  }
}

function findAlarm(backups: string): Pick<ProtectionFacts, 'alarm' | 'alarmFailure'> {
  try {
    return { alarm: readAlarm(backups), alarmFailure: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, hint = '' } = error;
    return { alarm: null, alarmFailure: { code: 'alarm-unreadable', message, hint } };
  }
}

function describeWatcher(
  watched: WatchState | undefined,
  baseline: string | null,
  holder: LockHolder | null,
): WatcherStatus | null {
  if (watched === undefined && holder === null) return null;
  const time = (milliseconds: number | undefined): string | null =>
    milliseconds === undefined || milliseconds === 0 ? null : new Date(milliseconds).toISOString();
  return {
    running: holder !== null,
    holder,
    lastLookAt: time(watched?.lookedAtMs),
    nextLookAt: holder === null ? null : time(watched?.nextLookAtMs),
    // What was seen before the newest good copy is in it.
    growthBytes: watched?.record?.baselineId === baseline ? watched.growthBytes : 0,
    thresholdBytes: watched?.thresholdBytes ?? 0,
  };
}
