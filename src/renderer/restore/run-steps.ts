import type { Phase } from '../../shared/progress.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import type { ShownPlan } from '../../shared/protocol/restore-views.ts';
import { joinWords, rebuilds } from './plan-words.ts';

/** A step of a restore as it is watched. */
export interface RunStep {
  readonly phase: Phase;
  readonly name: string;
  readonly place: 'done' | 'now' | 'later';
  /** So far, or all in all; 0 where it isn't known. */
  readonly durationMs: number;
}

const stepPhases = ['stage', 'stop', 'safety', 'swap', 'rebuild', 'start'] as const;
type StepPhase = (typeof stepPhases)[number];

const isStep = (phase: Phase): phase is StepPhase => stepPhases.some((one) => one === phase);

/** The steps of a plan with how far they are; of any restore where the plan isn't known, after a reload. */
export function runSteps(plan: ShownPlan | undefined, job: JobState, now: number): readonly RunStep[] {
  const times = timeSteps(job, now);
  const seen = stepPhases.filter((phase) => times.has(phase));
  const planned =
    plan === undefined ? stepPhases : stepPhases.filter((phase) => phase === 'stage' || isPlanned(plan, phase));
  const current = stepPhases.indexOf(seen.at(-1) ?? 'stage');
  return planned.map((phase) => ({
    phase,
    name: stepName(phase, plan),
    place: placeOf(stepPhases.indexOf(phase), current),
    durationMs: times.get(phase) ?? 0,
  }));
}

/** Where a restore that failed was; undefined before its first step. */
export function failedStep(job: JobState): string | undefined {
  const named = job.error?.details['step'];
  const phase = stepPhases.find((one) => one === named);
  if (phase !== undefined) return stepName(phase, undefined);
  return named === 'preflight' ? stepName('stage', undefined) : undefined;
}

/** What happens within a step is reported as phases of its own; its time belongs to the step. */
function timeSteps({ passed, progress, phaseStartedAt }: JobState, now: number): ReadonlyMap<StepPhase, number> {
  const times = new Map<StepPhase, number>();
  let current: StepPhase = 'stage';
  const add = (phase: Phase, durationMs: number) => {
    if (isStep(phase)) current = phase;
    times.set(current, (times.get(current) ?? 0) + durationMs);
  };
  for (const { phase, durationMs } of passed) add(phase, durationMs);
  if (progress !== null)
    add(progress.phase, phaseStartedAt === null ? 0 : Math.max(0, now - Date.parse(phaseStartedAt)));
  return times;
}

function placeOf(index: number, current: number): RunStep['place'] {
  if (index === current) return 'now';
  return index < current ? 'done' : 'later';
}

const isPlanned = (plan: ShownPlan, phase: StepPhase): boolean => plan.steps.some(({ step }) => step === phase);

function stepName(phase: StepPhase, plan: ShownPlan | undefined): string {
  switch (phase) {
    case 'stage':
      return plan?.what === 'undo' ? 'Check' : 'Check and unpack';
    case 'stop':
      return plan?.steps.some(({ step, commands }) => step === 'stop' && commands.length === 0)
        ? 'Make sure that nobody has a database open'
        : 'Stop Codex';
    case 'safety':
      return 'Snapshot of now';
    case 'swap':
      return swapName(plan);
    case 'rebuild': {
      const folders =
        plan === undefined ? [] : rebuilds(plan).map(({ folder }) => (folder === '' ? 'the root' : folder));
      return folders.length > 0 && folders.length < 3 ? `Rebuild ${joinWords(folders)}` : 'Rebuild services';
    }
    case 'start':
      return 'Start Codex and check its health';
  }
}

function swapName(plan: ShownPlan | undefined): string {
  if (plan === undefined) return 'Put everything back';
  if (plan.full !== undefined) return 'Put the fresh folder in place';
  const what = [
    plan.databases.some(({ isBrain }) => isBrain) ? 'the Brain' : '',
    plan.databases.some(({ isBrain }) => !isBrain) ? 'the databases' : '',
    (plan.code?.totals.changes ?? 0) > 0 ? 'the files' : '',
  ].filter((word) => word !== '');
  return what.length === 0 ? 'Put everything back' : `Put ${joinWords(what)} back`;
}
