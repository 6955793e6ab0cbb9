import { existsSync, readdirSync } from 'node:fs';
import { AppError, type ErrorCode, type ErrorReport, errorCodes, reportError } from '../../shared/app-error.ts';
import type { CopyStatus, Spread } from '../../shared/copies.ts';
import { formatCount } from '../../shared/format.ts';
import type { CopySettings } from '../../shared/settings.ts';
import { parseSnapshotId } from '../../shared/snapshot-id.ts';
import type { EngineContext } from '../context.ts';
import { silent } from '../copies/copy-failure.ts';
import { type CopyRecord, copyHome, readCopyRecord } from '../copies/copy-state.ts';
import { judgeCopy } from '../copies/judge-copy.ts';
import { mountAnswers } from '../copies/mount-answers.ts';
import { placeOf } from '../copies/open-copy.ts';
import { probeFolder } from '../copies/probe-folder.ts';
import { readHolder } from '../platform/locks.ts';

/** How each copy stands, without asking any remote. */
export async function copies(context: EngineContext): Promise<readonly CopyStatus[]> {
  const ids = snapshotNames(context.backups());
  return Promise.all(context.settings().copies.map((settings) => describe(context, settings, ids)));
}

/** Three copies on two disks, one of them elsewhere: what counts of it. */
export function spreadOf(statuses: readonly CopyStatus[], hasGoodBrain: boolean): Spread {
  const inStep = statuses.filter(({ state }) => state === 'in step');
  const others = inStep.filter(({ isSameDisk }) => isSameDisk !== true);
  return {
    copies: 1 + (hasGoodBrain ? 1 : 0) + inStep.length,
    disks: 1 + others.length,
    elsewhere: inStep.filter(({ kind }) => kind === 'rclone').length,
  };
}

/** Names of all snapshots of a folder. */
export function snapshotNames(backups: string): readonly string[] {
  if (!existsSync(backups)) return [];
  return readdirSync(backups).filter((name) => parseSnapshotId(name) !== undefined);
}

async function describe(context: EngineContext, settings: CopySettings, ids: readonly string[]): Promise<CopyStatus> {
  const { name, kind, schedule } = settings;
  const isSilent = settings.kind === 'folder' && !(await mountAnswers(settings.path));
  const place = settings.kind === 'folder' && isSilent ? settings.path : placeOf(settings);
  const record = readCopyRecord(context, name, place);
  const probed = kind === 'rclone' ? null : isSilent ? silent(place) : probeFolder(place, record.copyId);
  const isThere = kind === 'folder' ? probed === null : null;
  const state = judgeCopy({ record, ids, isThere, schedule });
  const isRunning = await isAtWork(context, name);
  const time = (atMs: number | null | undefined): string | null => (atMs == null ? null : new Date(atMs).toISOString());
  return {
    name,
    kind,
    place,
    schedule,
    state,
    error: errorOf(name, state, record, probed),
    inStepAt: time(record.inStepAtMs),
    attemptedAt: time(record.attempt?.atMs),
    newest: record.newest,
    snapshots: record.snapshots,
    bytes: record.bytes,
    sentBytes: record.sentBytes,
    isSafeToRemove: kind === 'folder' && state === 'in step' && !isRunning,
    isSameDisk: record.isSameDisk,
    isRunning,
    verifiedAt: time(record.verifiedAtMs),
    drill: record.drill === null ? null : { ...record.drill, at: new Date(record.drill.atMs).toISOString() },
  };
}

function errorOf(
  name: string,
  state: CopyStatus['state'],
  { attempt, verified, drill }: CopyRecord,
  probed: AppError | null,
): ErrorReport | null {
  if (state === 'not there' && probed !== null) return reportError(probed);
  if (state !== 'failing' && state !== 'not there') return null;
  const damaged = Object.values(verified).filter(({ ok }) => !ok).length;
  if (attempt?.error == null) {
    const what =
      damaged > 0
        ? `The copy ${name} has ${formatCount(damaged, 'damaged or missing file')}.`
        : `The trial restore of ${drill?.id} from the copy ${name} failed.`;
    const hint = `Send again what is damaged: "codex-backup copy ${name}". Check that disk or that remote.`;
    return reportError(new AppError('copy-failed', what, { hint }));
  }
  return { ...attempt.error, code: knownCode(attempt.error.code), details: {} };
}

const knownCode = (code: string): ErrorCode => (isErrorCode(code) ? code : 'copy-failed');
const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);

async function isAtWork({ home, clock }: EngineContext, name: string): Promise<boolean> {
  return (await readHolder(copyHome(home, name), 'copy', clock)) !== null;
}
