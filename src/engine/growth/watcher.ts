import { AppError, type ErrorReport, reportError } from '../../shared/app-error.ts';
import type { Snapshot, Trigger } from '../../shared/model.ts';
import type { WatchEvent, WatchNews, WatchSummary } from '../../shared/watch-events.ts';
import type { EngineContext } from '../context.ts';
import type { Timer } from '../platform/clock.ts';
import { addFailure, backOffMs } from './decide.ts';
import { createSavedReader } from './saved-brain.ts';
import { takeLook, type WatchPlan } from './take-look.ts';
import { readWatchState, type WatchState, writeWatchState } from './watch-state.ts';

export interface WatcherOptions {
  readonly context: EngineContext;
  readonly timer: Timer;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
  takeSnapshot(context: EngineContext, trigger: Trigger): Promise<Snapshot>;
  /** Runs `work` while no restore changes the root; AppError `busy` during one. */
  asUserOfRoot<T>(context: EngineContext, work: () => Promise<T>): Promise<T>;
}

/** Sleeps no longer at a time, so that the sleep of the machine costs at most one late look. */
const longestSleepMs = 15_000;

/** Looks at the Brain again and again, and has it saved, until the signal is aborted. The caller holds the lease. */
export async function watchBrain(options: WatcherOptions): Promise<WatchSummary> {
  const { context, timer, signal } = options;
  const { clock } = context;
  const watch = createWatch(options);
  const startedAt = watch.tell({
    kind: 'started',
    root: context.root(),
    backups: context.backups(),
    intervalSeconds: context.settings().watch.intervalSeconds,
  });
  while (!signal.aborted) {
    if (watch.isDue(clock.now())) await watch.look();
    else await timer.sleep(Math.min(watch.waitMs(clock.now()), longestSleepMs), signal);
  }
  const endedAt = watch.tell({ kind: 'ended' });
  return { startedAt, endedAt, ...watch.counts() };
}

interface Watch {
  tell(news: WatchNews): string;
  isDue(nowMs: number): boolean;
  waitMs(nowMs: number): number;
  look(): Promise<void>;
  counts(): Pick<WatchSummary, 'looks' | 'snapshots' | 'failures'>;
}

function createWatch(options: WatcherOptions): Watch {
  const { signal } = options;
  const root = options.context.root();
  const readSaved = createSavedReader();
  let context = options.context;
  let state: WatchState = readWatchState(context, root) ?? emptyState(root);
  let dueMs: number | undefined;
  let lookedMs = 0;
  let looks = 0;
  let failures = 0;
  let problem: string | undefined;
  let identity: string | null = null;
  const snapshots: string[] = [];

  const tell = (news: WatchNews): string => {
    const at = new Date(context.clock.now()).toISOString();
    options.onEvent({ at, ...news });
    return at;
  };

  /** Each problem is told once, and again when it is over. */
  const tellProblem = (error: ErrorReport | undefined): void => {
    if (problem === error?.code) return;
    if (error !== undefined) tell({ kind: 'problem', error });
    else if (problem !== undefined) tell({ kind: 'solved', code: problem });
    problem = error?.code;
  };

  const renewContext = (): ErrorReport | undefined => {
    try {
      const renewed = context.renew();
      renewed.settings();
      renewed.backups();
      renewed.brainPath();
      context = renewed;
      return undefined;
    } catch (error) {
      // Someone is editing the settings: those of before hold on.
      return reportError(error);
    }
  };

  const tellClock = (nowMs: number): void => {
    if (dueMs === undefined) return;
    const lateMs = nowMs < lookedMs ? nowMs - lookedMs : nowMs - dueMs;
    if (lateMs < -1000 || lateMs > 2 * longestSleepMs) tell({ kind: 'clock', lateMs });
  };

  const look = async (): Promise<void> => {
    const nowMs = context.clock.now();
    tellClock(nowMs);
    lookedMs = nowMs;
    const settingsProblem = renewContext();
    dueMs = nowMs + context.settings().watch.intervalSeconds * 1000;
    try {
      const plan = await options.asUserOfRoot(context, async () => takeLook(context, state, readSaved));
      looks += 1;
      if (identity !== null && plan.identity !== null && identity !== plan.identity) {
        tell({ kind: 'replaced', message: 'The Brain is another file than at the last look.' });
      }
      identity = plan.identity ?? identity;
      const { bytes, growthBytes, thresholdBytes } = plan;
      tell({ kind: 'look', bytes, growthBytes, thresholdBytes });
      tellProblem(plan.problem === null ? settingsProblem : reportError(plan.problem));
      await follow(plan, nowMs);
    } catch (error) {
      if (error instanceof AppError && error.code === 'busy') tell({ kind: 'skipped', reason: error.message });
      else {
        tellProblem(reportError(error));
        context.logger.error(`The look at the Brain failed: ${describe(error)}`);
      }
    }
  };

  const follow = async (plan: WatchPlan, nowMs: number): Promise<void> => {
    state = { ...plan.state, nextLookAtMs: Math.min(dueMs ?? nowMs, plan.nextDueMs ?? Number.POSITIVE_INFINITY) };
    dueMs = state.nextLookAtMs;
    writeWatchState(context, state);
    if (plan.decision.kind !== 'snapshot') return;
    const { trigger, why } = plan.decision;
    tell({ kind: 'begin', trigger, why });
    await save(trigger, plan);
    writeWatchState(context, state);
  };

  const save = async (trigger: Trigger, plan: WatchPlan): Promise<void> => {
    try {
      const snapshot = await options.takeSnapshot(context, trigger);
      snapshots.push(snapshot.id);
      tell({ kind: 'snapshot', snapshot });
      const isGood = snapshot.brain?.integrity === 'ok';
      const failed = isGood ? null : addFailure(state.failed, 'brain-corrupt', context.clock.now());
      state = { ...state, failed, rescuedStamp: plan.rescue ? plan.stamp : state.rescuedStamp };
      // What came meanwhile is seen at once, and what was saved is known as unchanged.
      if (isGood) dueMs = context.clock.now();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof AppError && error.code === 'busy') {
        tell({ kind: 'busy', message: error.message });
        return;
      }
      failures += 1;
      const report = reportError(error);
      const atMs = context.clock.now();
      const failed = addFailure(state.failed, report.code, atMs);
      state = { ...state, failed };
      const nextAttemptAt = new Date(atMs + backOffMs(failed.count)).toISOString();
      tell({ kind: 'failed', error: report, attempts: failed.count, nextAttemptAt });
      if (report.code === 'bug') context.logger.error(`A snapshot failed: ${describe(error)}`);
    }
  };

  return {
    tell,
    look,
    // A clock that was set back makes a look due at once.
    isDue: (nowMs) => dueMs === undefined || nowMs >= dueMs || nowMs < lookedMs,
    waitMs: (nowMs) => Math.max(0, (dueMs ?? nowMs) - nowMs),
    counts: () => ({ looks, snapshots, failures }),
  };
}

const emptyState = (root: string): WatchState => ({
  version: 1,
  root,
  lookedAtMs: 0,
  nextLookAtMs: 0,
  growthBytes: 0,
  thresholdBytes: 0,
  record: null,
  failed: null,
  rescuedStamp: null,
});

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
