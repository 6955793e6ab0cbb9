import { AppError, reportError } from '../../shared/app-error.ts';
import type { RestorePlan, ServiceHealth } from '../../shared/restore-plan.ts';
import { failPoint } from '../platform/fail-point.ts';
import type { RestoreStep } from './journal-records.ts';
import { noteBaseline } from './note-baseline.ts';
import { checkPreconditions } from './preflight.ts';
import { rebuild } from './rebuild.ts';
import { restoreFailure } from './restore-failure.ts';
import { removeStaged } from './restore-folder.ts';
import { rollBack } from './roll-back.ts';
import { inRoot, type Session } from './session.ts';
import { cancelled, isRunning, refuseOpenDatabases, startCodex, stopCodex } from './stop-and-start.ts';

/** What a restore and an undo do differently. */
export interface RestoreWork {
  readonly plan: RestorePlan;
  /** Unpacks and verifies; changes nothing in the root. */
  stage(): Promise<void>;
  /** Takes the safety snapshot; null, with the reason, where the files moved aside are the safety copy. */
  takeSafetySnapshot(): Promise<{ readonly snapshot: string | null; readonly reason: string }>;
  /** Moves things, by `makeChanges` alone. */
  swap(): Promise<void>;
  /** False: what comes back may be a Codex that does not start, and stays all the same. */
  readonly mustStart: boolean;
}

/** What became of the start of Codex, once the restore is done. */
export interface CarriedOut {
  /** Why Codex does not run; null where it does, or was not to be started. */
  readonly startProblem: string | null;
  readonly health: readonly ServiceHealth[];
}

/**
 * Carries out the steps of a plan. Ends with everything new, or throws and leaves everything as it was: `restore-rolled-back`
 * once something was stopped or moved, else the error itself. When even that fails: `rollback-failed`.
 */
export async function carryOut(session: Session, work: RestoreWork, signal: AbortSignal): Promise<CarriedOut> {
  const { journal } = session;
  let started: CarriedOut = { startProblem: null, health: [] };
  let current: RestoreStep = 'preflight';
  try {
    for (const { step } of work.plan.steps) {
      current = step;
      if (signal.aborted) throw cancelled(signal);
      journal.append({ kind: 'step', step, state: 'begun' });
      failPoint(`restore:${step}:begun`);
      session.onProgress?.({ phase: phaseOf(step), done: 0, unit: 'steps' });
      if (step === 'start') started = await start(session, work, signal);
      else await carryOutStep(step, session, work, signal);
      journal.append({ kind: 'step', step, state: 'done' });
      failPoint(`restore:${step}:done`);
    }
    if (signal.aborted) throw cancelled(signal);
    journal.append({ kind: 'commit' });
  } catch (error) {
    throw await giveUp(session, current, signal.aborted ? cancelled(signal) : error);
  }
  failPoint('restore:committed');
  tidyUp(session);
  return started;
}

/** The restore holds from its commit on. What can't be tidied up now is left to the next recovery. */
function tidyUp({ context, folder, journal }: Session): void {
  try {
    noteBaseline(context, journal.records());
    removeStaged(folder);
    journal.append({ kind: 'end', outcome: 'restored' });
  } catch (error) {
    context.logger.warn(`The restore is done, but ${folder.path} could not be tidied up: ${String(error)}`);
  }
}

async function start(session: Session, { mustStart }: RestoreWork, signal: AbortSignal): Promise<CarriedOut> {
  if (session.services === null) return { startProblem: null, health: [] };
  try {
    return { startProblem: null, health: await startCodex(session, session.services, signal) };
  } catch (error) {
    if (mustStart || signal.aborted) throw error;
    const { message, hint } = reportError(error);
    return { startProblem: `${message} ${hint}`.trim(), health: [] };
  }
}

async function carryOutStep(
  step: Exclude<RestoreStep, 'start'>,
  session: Session,
  work: RestoreWork,
  signal: AbortSignal,
): Promise<void> {
  const { plan } = work;
  switch (step) {
    case 'preflight':
      return checkPreconditions(session, plan);
    case 'stage':
      return work.stage();
    case 'stop':
      return stop(session, plan, signal);
    case 'safety':
      session.journal.append({ kind: 'safety', ...(await work.takeSafetySnapshot()) });
      return;
    case 'swap':
      return work.swap();
    case 'rebuild':
      return rebuild(session, commandsOf(plan, 'rebuild'), signal);
  }
}

async function stop(session: Session, plan: RestorePlan, signal: AbortSignal): Promise<void> {
  const { services, journal } = session;
  if (services === null) {
    const paths = plan.databases.map(({ path }) => inRoot(session, path));
    return refuseOpenDatabases(paths, signal);
  }
  journal.append({ kind: 'running', running: await isRunning(session, services) });
  await stopCodex(session, services, signal);
}

const commandsOf = (plan: RestorePlan, step: RestoreStep) =>
  plan.steps.filter((each) => each.step === step).flatMap(({ commands }) => commands);

const phaseOf = (step: RestoreStep) => (step === 'preflight' ? 'stage' : step);

/** Rolls back where something was stopped or moved, and says what happened. */
async function giveUp(session: Session, step: RestoreStep, thrown: unknown): Promise<unknown> {
  const error = restoreFailure(thrown, session.folder.path);
  const { code, message, hint, details } = reportError(error);
  const outcome = await rollBack(session, `${step}: ${message}`);
  if (!outcome.touched) return error;
  const after = outcome.startProblem === null ? '' : ` But Codex could not be started again: ${outcome.startProblem}`;
  const told = `The restore failed at the step "${step}": ${message}`;
  return new AppError('restore-rolled-back', `${told} Everything is as it was before.${after}`, {
    hint,
    details: { ...details, step, cause: code, folder: session.folder.path },
    cause: error,
  });
}
