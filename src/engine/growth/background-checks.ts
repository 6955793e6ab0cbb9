import { AppError } from '../../shared/app-error.ts';
import type { WatchNews } from '../../shared/watch-events.ts';
import type { EngineContext } from '../context.ts';
import { type CheckedSnapshot, type CheckTask, planCheck } from './plan-check.ts';

export interface CheckOutcome {
  readonly ok: boolean;
  /** What is wrong, in a few words; empty when all is good. */
  readonly problem: string;
}

export interface CheckWork {
  /** Does one check at low priority; null where it can't be done now. */
  perform(context: EngineContext, task: CheckTask, signal: AbortSignal): Promise<CheckOutcome | null>;
  /** True while another process takes a snapshot or restores. */
  isDisturbed(context: EngineContext): Promise<boolean>;
}

const dayMs = 86_400_000;
/** After a check it rests for so long, and for so many times the check's own duration: a small budget of the machine. */
const restMs = 5 * 60_000;
const restShare = 19;
const disturbedMs = 500;

/**
 * Verifies and drills snapshots while a watcher has nothing else to do, one at a time. What was broken off, or can't be
 * done now, is due as it was before, and is caught up.
 */
export class BackgroundChecks {
  readonly #work: CheckWork;
  readonly #tell: (news: WatchNews) => void;
  #nextMs: number;
  #endedMs: number;
  #running: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;

  constructor(work: CheckWork, tell: (news: WatchNews) => void, nowMs: number) {
    this.#work = work;
    this.#tell = tell;
    this.#endedMs = nowMs;
    this.#nextMs = nowMs + restMs;
  }

  /** Begins the check that is due, if none is at work and it has rested long enough. */
  begin(context: EngineContext, snapshots: readonly CheckedSnapshot[]): void {
    const nowMs = context.clock.now();
    if (this.#running !== undefined || (nowMs >= this.#endedMs && nowMs < this.#nextMs)) return;
    const { verify, drill } = context.settings();
    const rules = { verifyMs: verify.everyDays * dayMs, drillMs: drill.everyDays * dayMs };
    const task = planCheck(snapshots, rules, nowMs);
    if (task === null) return;
    const controller = new AbortController();
    const done = this.#check(context, task, controller).finally(() => {
      this.#running = undefined;
    });
    this.#running = { controller, done };
  }

  /** Breaks off the check that is at work, and waits until it has ended. */
  async stop(): Promise<void> {
    this.#running?.controller.abort();
    await this.#running?.done;
  }

  async #check(context: EngineContext, task: CheckTask, controller: AbortController): Promise<void> {
    const { signal } = controller;
    const startedMs = performance.now();
    const watching = this.#breakOffWhenDisturbed(context, controller);
    try {
      if (await this.#work.isDisturbed(context)) return;
      this.#tell({ kind: 'checking', check: task.kind, snapshot: task.id });
      const outcome = await this.#work.perform(context, task, signal);
      if (outcome !== null) this.#tell({ kind: 'checked', check: task.kind, snapshot: task.id, ...outcome });
    } catch (error) {
      // Removed meanwhile, a lock, or a disk that is full: none says anything about the snapshot.
      if (!(error instanceof AppError)) context.logger.error(`The ${task.kind} of ${task.id} failed: ${String(error)}`);
      else if (!signal.aborted) context.logger.info(`No ${task.kind} of ${task.id} now: ${error.message}`);
    } finally {
      clearInterval(watching);
      const tookMs = performance.now() - startedMs;
      this.#endedMs = context.clock.now();
      this.#nextMs = this.#endedMs + Math.max(restMs, signal.aborted ? 0 : tookMs * restShare);
    }
  }

  #breakOffWhenDisturbed(context: EngineContext, controller: AbortController): NodeJS.Timeout {
    return setInterval(() => {
      this.#work.isDisturbed(context).then(
        (disturbed) => {
          if (disturbed) controller.abort();
        },
        (error: unknown) => context.logger.warn(`Whether another process is at work is not known: ${String(error)}`),
      );
    }, disturbedMs);
  }
}
