import { AppError, type ErrorReport, reportError } from '../../shared/app-error.ts';
import type { Snapshot, Trigger } from '../../shared/model.ts';
import type { WatchEvent, WatchNews, WatchSummary } from '../../shared/watch-events.ts';
import type { EngineContext } from '../context.ts';
import type { Timer } from '../platform/clock.ts';
import { attemptSnapshot, logDefect } from './attempt.ts';
import { BackgroundChecks, type CheckWork } from './background-checks.ts';
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
  readonly checks: CheckWork;
  /** Makes what keeps the copies in step. */
  readonly createCopies: (tell: (news: WatchNews) => void) => CopyKeeper;
}

/** What brings copies up to date beside the looks. */
export interface CopyKeeper {
  /** Resolves when it is known whether there is something to do; the work goes on beside the looks. */
  begin(context: EngineContext): Promise<void>;
  stop(): Promise<void>;
}

/** Sleeps no longer at a time, so that the sleep of the machine costs at most one late look. */
const longestSleepMs = 15_000;

/** Looks at the Brain again and again, and has it saved, until the signal is aborted. The caller holds the lease. */
export async function watchBrain(options: WatcherOptions): Promise<WatchSummary> {
  const { context, timer, signal } = options;
  const { clock } = context;
  const watcher = new Watcher(options);
  const startedAt = watcher.tell({
    kind: 'started',
    root: context.root(),
    backups: context.backups(),
    intervalSeconds: context.settings().watch.intervalSeconds,
  });
  try {
    while (!signal.aborted) {
      const waitMs = watcher.waitMs(clock.now());
      if (waitMs > 0) await timer.sleep(Math.min(waitMs, longestSleepMs), signal);
      else await watcher.look();
    }
  } finally {
    await watcher.stop();
  }
  const endedAt = watcher.tell({ kind: 'ended' });
  return { startedAt, endedAt, ...watcher.counts() };
}

/** What one watch knows between its looks. */
class Watcher {
  readonly #options: WatcherOptions;
  readonly #readSaved = createSavedReader();
  readonly #checks: BackgroundChecks;
  readonly #copies: CopyKeeper;
  readonly #snapshots: string[] = [];
  #context: EngineContext;
  #state: WatchState;
  #dueMs: number | undefined;
  #lookedMs = 0;
  #looks = 0;
  #failures = 0;
  #problem: string | undefined;
  #wasLocked = false;
  #identity: string | null = null;

  constructor(options: WatcherOptions) {
    const root = options.context.root();
    this.#options = options;
    this.#context = options.context;
    this.#state = readWatchState(options.context, root) ?? emptyState(root);
    this.#checks = new BackgroundChecks(options.checks, (news) => this.tell(news), options.context.clock.now());
    this.#copies = options.createCopies((news) => this.tell(news));
  }

  /** Until the next look is due; a clock that was set back makes it due at once. */
  waitMs(nowMs: number): number {
    return this.#dueMs === undefined || nowMs < this.#lookedMs ? 0 : Math.max(0, this.#dueMs - nowMs);
  }

  async look(): Promise<void> {
    const nowMs = this.#context.clock.now();
    this.#tellClock(nowMs);
    this.#lookedMs = nowMs;
    const settingsProblem = this.#renewContext();
    this.#dueMs = nowMs + this.#context.settings().watch.intervalSeconds * 1000;
    try {
      const { asUserOfRoot } = this.#options;
      const plan = await asUserOfRoot(this.#context, () => takeLook(this.#context, this.#state, this.#readSaved));
      this.#tellLook(plan);
      this.#tellProblem(this.#isPassing(plan.problem) ? settingsProblem : reportError(plan.problem));
      await this.#follow(plan);
    } catch (error) {
      this.#tellSkipped(error);
    }
  }

  counts(): Pick<WatchSummary, 'looks' | 'snapshots' | 'failures'> {
    return { looks: this.#looks, snapshots: this.#snapshots, failures: this.#failures };
  }

  /** Breaks off what goes on beside the looks. */
  async stop(): Promise<void> {
    await Promise.all([this.#checks.stop(), this.#copies.stop()]);
  }

  /** Answers the time of the event. */
  tell(news: WatchNews): string {
    const at = new Date(this.#context.clock.now()).toISOString();
    this.#options.onEvent({ at, ...news });
    return at;
  }

  async #follow(plan: WatchPlan): Promise<void> {
    const nextLookAtMs = Math.min(this.#dueMs ?? plan.state.lookedAtMs, plan.nextDueMs ?? Number.POSITIVE_INFINITY);
    this.#state = { ...plan.state, nextLookAtMs };
    this.#dueMs = nextLookAtMs;
    writeWatchState(this.#context, this.#state);
    if (plan.decision.kind !== 'snapshot') {
      await this.#copies.begin(this.#context);
      this.#checks.begin(this.#context, plan.checks);
      return;
    }
    await this.#checks.stop();
    const { trigger, why } = plan.decision;
    this.tell({ kind: 'begin', trigger, why });
    await this.#save(trigger, plan);
    writeWatchState(this.#context, this.#state);
    await this.#copies.begin(this.#context);
  }

  async #save(trigger: Trigger, { rescue, stamp }: WatchPlan): Promise<void> {
    const before = this.#state.failed;
    const take = () => this.#options.takeSnapshot(this.#context, trigger);
    const { snapshot, isGood, failed } = await attemptSnapshot(this.#context, before, take, (news) => this.tell(news));
    const isRescued = rescue && snapshot !== null;
    this.#state = { ...this.#state, failed, rescuedStamp: isRescued ? stamp : this.#state.rescuedStamp };
    if (snapshot !== null) this.#snapshots.push(snapshot.id);
    else if (failed !== before) this.#failures += 1;
    // What came meanwhile is seen at once, and what was saved is known as unchanged.
    if (isGood) this.#dueMs = this.#context.clock.now();
  }

  #renewContext(): ErrorReport | undefined {
    try {
      const renewed = this.#context.renew();
      renewed.settings();
      renewed.backups();
      renewed.brainPath();
      this.#context = renewed;
      return undefined;
    } catch (error) {
      // Someone is editing the settings: those of before hold on.
      return reportError(error);
    }
  }

  #tellClock(nowMs: number): void {
    if (this.#dueMs === undefined) return;
    const lateMs = nowMs < this.#lookedMs ? nowMs - this.#lookedMs : nowMs - this.#dueMs;
    if (lateMs < -1000 || lateMs > 2 * longestSleepMs) this.tell({ kind: 'clock', lateMs });
  }

  #tellLook({ identity, bytes, growthBytes, thresholdBytes }: WatchPlan): void {
    this.#looks += 1;
    if (this.#identity !== null && identity !== null && this.#identity !== identity) {
      this.tell({ kind: 'replaced', message: 'The Brain is another file than at the last look.' });
    }
    this.#identity = identity ?? this.#identity;
    this.tell({ kind: 'look', bytes, growthBytes, thresholdBytes });
  }

  /** A writer may be in the middle of a commit at one look; one that holds the Brain at two in a row is a problem. */
  #isPassing(problem: AppError | null): boolean {
    const wasLocked = this.#wasLocked;
    this.#wasLocked = problem?.code === 'brain-locked';
    return problem === null || (this.#wasLocked && !wasLocked);
  }

  /** Each problem is told once, and again when it is over. */
  #tellProblem(error: ErrorReport | undefined): void {
    if (this.#problem === error?.code) return;
    if (error !== undefined) this.tell({ kind: 'problem', error });
    else if (this.#problem !== undefined) this.tell({ kind: 'solved', code: this.#problem });
    this.#problem = error?.code;
  }

  #tellSkipped(error: unknown): void {
    if (error instanceof AppError && error.code === 'busy') {
      this.tell({ kind: 'skipped', reason: error.message });
      return;
    }
    const report = reportError(error);
    this.#tellProblem(report);
    logDefect(this.#context, report);
  }
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
