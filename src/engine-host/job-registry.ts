import type { CommandOutput } from '../engine/engine.ts';
import { AppError, reportError } from '../shared/app-error.ts';
import type { ProgressEvent } from '../shared/progress.ts';
import type { PanelEvent } from '../shared/protocol/events.ts';
import type { JobDetail, JobQuestion, JobResult, JobState } from '../shared/protocol/jobs.ts';
import { createOutputLines, type OutputLines } from './output-lines.ts';
import { newTicket } from './tickets.ts';

/** What a job is, before it begins. */
export interface JobPlan extends Pick<JobState, 'kind' | 'ids' | 'by' | 'trigger' | 'canCancel' | 'copy'> {
  /** While a job with the same key runs, starting another joins it. */
  readonly key: string;
}

/** What the work of a job may use. */
export interface JobControl {
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
  readonly onOutput: (output: CommandOutput) => void;
  ask(question: JobQuestion): Promise<boolean>;
}

export interface JobRegistry {
  /** Begins, or joins what runs; answers at once. */
  start(plan: JobPlan, work: (control: JobControl) => Promise<JobResult>): JobState;
  cancel(id: string): JobState;
  answer(id: string, yes: boolean): JobState;
  detail(id: string): JobDetail;
  /** Those that run, oldest first. */
  running(): readonly JobState[];
  /** Cancels everything, and waits until all has ended. */
  close(): Promise<void>;
}

/** What follows from a call is told after the call was answered: a window takes what comes last for the newest. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Job {
  readonly key: string;
  state: JobState;
  readonly controller: AbortController;
  readonly output: OutputLines;
  answer: ((yes: boolean) => void) | undefined;
  phaseStartedMs: number;
  timer: NodeJS.Timeout | undefined;
  ended: Promise<void>;
}

export interface RegistryOptions {
  readonly now: () => number;
  readonly tell: (event: PanelEvent) => void;
  readonly onDefect: (error: unknown) => void;
  readonly onEnd: (job: JobState) => void;
}

const tellEveryMs = 100;
const keptEnded = 20;

export function createJobRegistry(options: RegistryOptions): JobRegistry {
  const { now, tell } = options;
  const jobs = new Map<string, Job>();
  const time = (): string => new Date(now()).toISOString();

  const tellJob = (job: Job): void => {
    clearTimeout(job.timer);
    job.timer = undefined;
    tell({ kind: 'job', job: job.state });
  };
  const tellSoon = (job: Job): void => {
    job.timer ??= setTimeout(() => tellJob(job), tellEveryMs);
  };
  const onProgress = (job: Job, progress: ProgressEvent): void => {
    if (job.state.state !== 'running') return;
    const before = job.state.progress;
    if (before?.phase === progress.phase) {
      job.state = { ...job.state, progress };
    } else {
      const passed = before === null ? [] : [{ phase: before.phase, durationMs: now() - job.phaseStartedMs }];
      job.phaseStartedMs = now();
      job.state = { ...job.state, progress, phaseStartedAt: time(), passed: [...job.state.passed, ...passed] };
    }
    tellSoon(job);
  };
  const ask = (job: Job, question: JobQuestion): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    job.answer = resolve;
    job.controller.signal.addEventListener('abort', () => resolve(false), { once: true });
    job.state = { ...job.state, question };
    tellJob(job);
    return promise;
  };
  const end = (job: Job, how: Pick<JobState, 'state' | 'result' | 'error'>): void => {
    job.output.flush();
    job.state = { ...job.state, ...how, question: null, canCancel: false, endedAt: time() };
    tellJob(job);
    options.onEnd(job.state);
    const ended = [...jobs.values()].filter(({ state }) => state.state !== 'running');
    for (const { state } of ended.slice(0, -keptEnded)) jobs.delete(state.id);
  };
  const carryOut = async (job: Job, work: (control: JobControl) => Promise<JobResult>): Promise<void> => {
    const { signal } = job.controller;
    try {
      const result = await work({
        signal,
        onProgress: (progress) => onProgress(job, progress),
        onOutput: (output) => job.output.add(output),
        ask: (question) => ask(job, question),
      });
      end(job, { state: 'done', result, error: null });
    } catch (error) {
      const isCancelled = signal.aborted || (error instanceof AppError && error.code === 'cancelled');
      if (isCancelled) return end(job, { state: 'cancelled', result: null, error: describeCancelled(error) });
      if (!(error instanceof AppError)) options.onDefect(error);
      end(job, { state: 'failed', result: null, error: reportError(error) });
    }
  };
  const find = (id: string): Job => {
    const job = jobs.get(id);
    if (job !== undefined) return job;
    throw new AppError('usage', 'That piece of work is not known any more.', { hint: 'Look at the activity.' });
  };
  return {
    start: ({ key, ...plan }, work) => {
      const same = [...jobs.values()].find((job) => job.key === key && job.state.state === 'running');
      if (same !== undefined) return same.state;
      const id = newTicket();
      const job: Job = {
        key,
        state: { ...emptyState, ...plan, id, startedAt: time() },
        controller: new AbortController(),
        output: createOutputLines((lines) => tell({ kind: 'output', job: id, lines })),
        answer: undefined,
        phaseStartedMs: now(),
        timer: undefined,
        ended: Promise.resolve(),
      };
      jobs.set(id, job);
      tellJob(job);
      job.ended = nextTurn().then(() => carryOut(job, work));
      return job.state;
    },
    cancel: (id) => {
      const job = find(id);
      if (!job.state.canCancel) return job.state;
      job.state = { ...job.state, isCancelling: true, canCancel: false };
      tellJob(job);
      void nextTurn().then(() => job.controller.abort(new AppError('cancelled', 'Cancelled.', {})));
      return job.state;
    },
    answer: (id, yes) => {
      const job = find(id);
      job.state = { ...job.state, question: null };
      void nextTurn().then(() => job.answer?.(yes));
      tellJob(job);
      return job.state;
    },
    detail: (id) => {
      const job = find(id);
      return { job: job.state, output: job.output.newest() };
    },
    running: () => [...jobs.values()].flatMap(({ state }) => (state.state === 'running' ? [state] : [])),
    close: async () => {
      for (const job of jobs.values()) job.controller.abort(new AppError('cancelled', 'The panel was ended.', {}));
      await Promise.all([...jobs.values()].map(({ ended }) => ended));
    },
  };
}

const emptyState = {
  state: 'running',
  progress: null,
  phaseStartedAt: null,
  passed: [],
  isCancelling: false,
  question: null,
  endedAt: null,
  result: null,
  error: null,
} as const;

/** What is worth telling of a job that somebody has cancelled: that it was rolled back, or not. */
function describeCancelled(error: unknown): JobState['error'] {
  const report = reportError(error);
  return report.code === 'restore-rolled-back' || report.code === 'rollback-failed' ? report : null;
}
