import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunOptions } from '../engine/engine.ts';
import { AppError } from '../shared/app-error.ts';
import type { JobRequest, JobResult, JobState } from '../shared/protocol/jobs.ts';
import type { RestorePlan } from '../shared/restore-plan.ts';
import type { HostCalls } from './host-calls.ts';
import { type HostState, type OfferedPlan, redeem } from './host-state.ts';
import type { JobControl, JobPlan } from './job-registry.ts';
import { isSamePlan, showReport } from './shown-plan.ts';

type JobCalls = 'start' | 'cancelJob' | 'answerJob' | 'job';

/** A manual snapshot joins whatever snapshot this process takes at the moment, the watcher's too. */
export const backUpKey = 'backUp';
/** The same of a copy. */
export const copyKey = (name: string): string => `copy ${name}`;

/** Long work: what each kind of job does. */
export function createJobCalls(state: HostState): Pick<HostCalls, JobCalls> {
  const { jobs } = state;
  return {
    start: ({ job }) => startJob(state, job),
    cancelJob: ({ id }) => jobs.cancel(id),
    answerJob: ({ id, yes }) => jobs.answer(id, yes),
    job: ({ id }) => jobs.detail(id),
  };
}

function startJob(state: HostState, request: JobRequest): JobState {
  const { jobs } = state;
  const plan = (ids: readonly string[], more: Partial<JobPlan> = {}): JobPlan => ({
    kind: request.kind,
    ids,
    by: 'user',
    trigger: null,
    canCancel: true,
    key: JSON.stringify(request),
    ...more,
  });
  switch (request.kind) {
    case 'backUp':
      return jobs.start(plan([], { trigger: 'manual', key: backUpKey }), (control) => backUp(state, control));
    case 'verify':
      return jobs.start(plan(request.ids), async ({ signal, onProgress }) => {
        const results = await state.engine().verify(request.ids, { signal, onProgress });
        return { kind: 'verify', results };
      });
    case 'drill':
      return jobs.start(plan([request.id]), async ({ signal, onProgress }) => {
        const result = await state.engine().drill(request.id, { signal, onProgress });
        return { kind: 'drill', result };
      });
    case 'restore':
    case 'undo': {
      const offer = redeem(state.plans.look(request.plan), 'plan');
      const ids = offer.kind === 'restore' ? [offer.id] : [];
      return jobs.start(plan(ids), (control) => carryOut(state, offer, control));
    }
    case 'restoreInto': {
      const { id, name } = request;
      const chosen = redeem(state.folders.take(request.folder), 'folder');
      return jobs.start(plan([id]), (control) => restoreInto(state, id, chosen, name, control));
    }
    case 'recover':
      return jobs.start(plan([], { canCancel: false }), async ({ onProgress }) => ({
        kind: 'recover',
        restores: await state.engine().recover({ onProgress }),
      }));
    case 'prune':
      return jobs.start(plan(request.only), async ({ signal, onProgress }) => {
        const done = await state.engine().prune({ only: request.only, signal, onProgress });
        return { kind: 'prune', plan: done };
      });
    case 'copy':
      return jobs.start(plan([], { copy: request.name, key: copyKey(request.name) }), async (control) => ({
        kind: 'copy',
        report: await state.engine().copy(request.name, control),
      }));
    case 'testCopy':
      return jobs.start(plan([], { copy: request.name }), async (control) => ({
        kind: 'testCopy',
        test: await state.engine().testCopy(request.name, control),
      }));
    case 'fetchCopy':
      return jobs.start(plan([request.id], { copy: request.name }), async (control) => ({
        kind: 'fetchCopy',
        snapshot: await state.engine().fetchSnapshot(request.name, request.id, control),
      }));
    case 'sample':
      return jobs.start(plan([], { canCancel: false }), () => makeSample(state));
  }
}

async function backUp(state: HostState, { signal, onProgress, ask }: JobControl): Promise<JobResult> {
  const options: RunOptions = {
    trigger: 'manual',
    signal,
    onProgress,
    confirmHold: (predictedMs) => ask({ kind: 'hold', predictedMs }),
  };
  return { kind: 'backUp', snapshot: await state.engine().run(options) };
}

async function carryOut(state: HostState, offer: OfferedPlan, control: JobControl): Promise<JobResult> {
  const { signal, onProgress, onOutput } = control;
  const approve = async (plan: RestorePlan): Promise<void> => refuseOther(offer.plan, plan);
  const options = { signal, onProgress, onOutput, approve };
  if (offer.kind === 'restore') {
    const report = await state.engine().restore(offer.id, { ...offer.wish, ...options });
    return { kind: 'restore', report: showReport(report) };
  }
  const { restore } = offer;
  const report = await state.engine().undo({ restore, ...options });
  return { kind: 'undo', report: showReport(report) };
}

function refuseOther(seen: RestorePlan, now: RestorePlan): void {
  if (isSamePlan(seen, now)) return;
  throw new AppError(
    'restore-refused',
    'Since the plan was made, something has changed: it would do other things now.',
    {
      hint: 'Nothing was touched. Look at the new plan, and confirm that one.',
      details: { isPlanOld: true },
    },
  );
}

async function restoreInto(
  state: HostState,
  id: string,
  chosen: string,
  name: string | undefined,
  { signal, onProgress }: JobControl,
): Promise<JobResult> {
  const folder = name === undefined ? chosen : join(chosen, name);
  await mkdir(folder, { recursive: true });
  const report = await state.engine().restoreInto(id, folder, { signal, onProgress });
  return { kind: 'restoreInto', report: showReport(report) };
}

async function makeSample(state: HostState): Promise<JobResult> {
  const { makeSample: make } = state.options;
  if (make === undefined) throw new AppError('usage', 'No sample can be made from here.', {});
  const { isRunning, problem, ...place } = await make();
  await state.move(place, true);
  return { kind: 'sample', root: place.root, isRunning, problem };
}
