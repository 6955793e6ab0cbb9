import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, reportError } from '../../shared/app-error.ts';
import { failPoint } from '../platform/fail-point.ts';
import { type JournalRecord, replacedDatabases } from './journal-records.ts';
import { restoreFailure } from './restore-failure.ts';
import { journalFile, keepTried, removeStaged } from './restore-folder.ts';
import { endGroup } from './services/process-group.ts';
import type { Session } from './session.ts';
import { isRunning, startCodex, stopCodex } from './stop-and-start.ts';
import { announcedChanges, undoAll } from './undo-changes.ts';

export interface RollBackOutcome {
  /** Whether anything had been stopped or moved. */
  readonly touched: boolean;
  /** Why Codex could not be started again; null where it was, or did not run before. */
  readonly startProblem: string | null;
}

/**
 * Puts everything back that the journal says was begun, and starts Codex again if it had run. May be interrupted and
 * called again. Not cancellable. Throws `rollback-failed`, with the steps to take by hand, and then can be tried again.
 */
export async function rollBack(session: Session, reason: string): Promise<RollBackOutcome> {
  const { journal, folder } = session;
  const records = journal.records();
  const changes = announcedChanges(records);
  const wasStopped = session.services !== null && hasBegun(records, 'stop');
  if (changes.length === 0 && !wasStopped) {
    journal.close();
    // Nothing but copies of ours lies in it.
    tidyUp(session, () => rmSync(folder.path, { recursive: true, force: true }));
    return { touched: false, startProblem: null };
  }
  try {
    session.onProgress?.({ phase: 'rollback', done: 0, total: changes.length, unit: 'steps' });
    journal.append({ kind: 'rollback', reason });
    failPoint('rollback:begun');
    await endChildren(records);
    await stopWhatWasStarted(session, records);
    failPoint('rollback:stopped');
    undoAll(journal, { base: folder.base, own: folder.own, databases: replacedDatabases(records) });
    failPoint('rollback:undone');
  } catch (error) {
    throw failed(session, reason, error);
  }
  const startProblem = wasStopped ? await startAgain(session, records) : null;
  failPoint('rollback:started');
  tidyUp(session, () => {
    // A Codex that ran has written to what lies there now again.
    if (hasBegun(records, 'start')) keepTried(folder);
    else removeStaged(folder);
    journal.append({ kind: 'end', outcome: 'rolled-back' });
  });
  return { touched: true, startProblem };
}

/** By then everything is as it was. What can't be tidied up now is left to the next recovery. */
function tidyUp({ context, folder }: Session, work: () => void): void {
  try {
    work();
  } catch (error) {
    context.logger.warn(`Everything is as it was, but ${folder.path} could not be tidied up: ${String(error)}`);
  }
}

const hasBegun = (records: readonly JournalRecord[], step: string): boolean =>
  records.some((record) => record.kind === 'step' && record.step === step && record.state === 'begun');

/** Ends commands of ours that outlived the process that began them. */
async function endChildren(records: readonly JournalRecord[]): Promise<void> {
  for (const record of records) if (record.kind === 'child') await endGroup(record.group);
}

/** Services that the restore, or an earlier attempt to roll back, has started hold the files that go back. */
async function stopWhatWasStarted(session: Session, records: readonly JournalRecord[]): Promise<void> {
  const { services } = session;
  const mayRun = hasBegun(records, 'start') || records.filter(({ kind }) => kind === 'rollback').length > 1;
  if (services === null || !mayRun || !(await isRunning(session, services))) return;
  await stopCodex(session, services, new AbortController().signal);
}

async function startAgain(session: Session, records: readonly JournalRecord[]): Promise<string | null> {
  const { services, context } = session;
  // Where the crash came before anybody looked, it counts as running.
  const ran = records.find(({ kind }) => kind === 'running');
  if (services === null || (ran?.kind === 'running' && !ran.running)) return null;
  try {
    await startCodex(session, services, new AbortController().signal);
    return null;
  } catch (error) {
    const { message, hint } = reportError(error);
    context.logger.error(`After rolling back, Codex did not start: ${message}`);
    return `${message} ${hint}`.trim();
  }
}

function failed(session: Session, reason: string, error: unknown): AppError {
  const { path } = session.folder;
  const { message } = reportError(restoreFailure(error, path));
  const told = `The restore failed (${reason}), and not everything could be put back: ${message}`;
  return new AppError('rollback-failed', told, {
    hint: `Nothing was deleted: what was replaced lies in ${join(path, 'replaced')}, and ${journalFile({ path })} says where it belongs. Remove the cause, then run "codex-backup recover"; docs/restore.md says how to do it by hand.`,
    details: { folder: path, replaced: join(path, 'replaced'), journal: journalFile({ path }) },
    cause: error,
  });
}
