import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { JobRequest, JobState } from '../../shared/protocol/jobs.ts';
import type { PlanOffer, ShownPlan } from '../../shared/protocol/restore-views.ts';
import { navigate } from '../app/use-route.ts';
import { useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { useSizes } from '../components/size.tsx';
import { formatClock } from '../format/time.ts';
import { ConfirmStep } from './confirm-step.tsx';
import { Flow, type FlowStep } from './flow.tsx';
import { NothingToDo, PlanStep } from './plan-step.tsx';
import { planSummary, spaceProblem } from './plan-words.ts';
import { RunFlow } from './run-flow.tsx';
import { hrefOf } from './use-flow-job.ts';

export type Stage = 'what' | 'plan' | 'confirm';

/** What differs between a restore and an undo. */
export interface GuidedFlowProps {
  readonly name: string;
  readonly about: string;
  /** The verb of the last button: `Restore to 14:02`. */
  readonly act: string;
  readonly planLead: string;
  /** The first step, where there is one to decide. */
  readonly what?: {
    readonly title: string;
    readonly decided: string;
    readonly problem: string | undefined;
    readonly body: ReactNode;
  };
  readonly stage: Stage;
  readonly onStage: (stage: Stage) => void;
  readonly offer: UseQueryResult<PlanOffer>;
  readonly request: (ticket: string) => JobRequest;
  /** The running or ended job of this flow. */
  readonly job: JobState | undefined;
  readonly planHref: string;
  readonly isUndo: boolean;
  readonly cancelHref: string;
}

/** Plan, confirm, run, result: nothing happens before the last button. */
export function GuidedFlow(props: GuidedFlowProps) {
  const { stage, what, job, offer, name, about, isUndo } = props;
  const plan = offer.data?.plan;
  const steps = stepsOf(props, plan, job);
  const shared = { name, about, steps };
  if (job !== undefined)
    return <RunFlow {...shared} job={job} plan={plan} isUndo={isUndo} onAgain={() => again(props)} />;
  const first = what === undefined ? 0 : 1;
  if (stage === 'what' && what !== undefined) {
    return (
      <Flow
        {...shared}
        current={0}
        title={what.title}
        lead="Nothing happens before you have seen what would."
        foot={<WhatFoot {...props} problem={what.problem} />}
      >
        {what.body}
      </Flow>
    );
  }
  const when = offer.data === undefined ? undefined : `Plan made at ${formatClock(offer.data.madeAt)}`;
  if (stage === 'confirm' && plan !== undefined) {
    return (
      <Flow
        {...shared}
        current={first + 1}
        title={`${props.act}?`}
        lead="It begins as soon as you confirm, and can be cancelled while it runs."
        when={when}
        foot={<ConfirmFoot {...props} />}
      >
        <ConfirmStep plan={plan} />
      </Flow>
    );
  }
  return (
    <Flow
      {...shared}
      current={first}
      title={planTitle(props)}
      lead={planLead(props)}
      when={when}
      foot={<PlanFoot {...props} plan={plan} />}
    >
      <PlanBody {...props} />
    </Flow>
  );
}

function planTitle({ offer, isUndo }: GuidedFlowProps): string {
  if (offer.error !== null) return isUndo ? 'This can not be undone' : 'This can not be planned';
  return offer.data === undefined ? 'Looking at what would happen' : 'This is what would happen';
}

function planLead({ offer, planLead: lead }: GuidedFlowProps): string {
  if (offer.error !== null) return 'Nothing was touched.';
  return offer.data === undefined ? 'Every file and every table is compared.' : lead;
}

function PlanBody({ offer }: GuidedFlowProps) {
  if (offer.error !== null) return <ErrorState error={offer.error} onRetry={() => void offer.refetch()} />;
  if (offer.data === undefined || offer.isFetching) return <Loading label="Making the plan" />;
  return offer.data.plan.steps.length === 0 ? <NothingToDo /> : <PlanStep plan={offer.data.plan} />;
}

function WhatFoot({ problem, onStage, cancelHref }: GuidedFlowProps & { problem: string | undefined }) {
  return (
    <>
      <Cancel href={cancelHref} />
      <p className="flow-foot-words" role="status">
        {problem}
      </p>
      <div className="flow-foot-end">
        <Button look="primary" disabled={problem !== undefined} onClick={() => onStage('plan')}>
          Continue
        </Button>
      </div>
    </>
  );
}

function PlanFoot({ plan, offer, what, onStage, cancelHref }: GuidedFlowProps & { plan: ShownPlan | undefined }) {
  const sizes = useSizes();
  const problem = plan === undefined ? undefined : spaceProblem(plan, sizes.bytes);
  const isReady = plan !== undefined && plan.steps.length > 0 && problem === undefined && !offer.isFetching;
  return (
    <>
      <Cancel href={cancelHref} />
      <p className="flow-foot-words" role="status">
        {problem === undefined ? '' : `${problem}.`}
      </p>
      <div className="flow-foot-end">
        {what === undefined ? null : <Button onClick={() => onStage('what')}>Back</Button>}
        <Button look="primary" disabled={!isReady} onClick={() => onStage('confirm')}>
          Continue
        </Button>
      </div>
    </>
  );
}

function ConfirmFoot({ offer, act, request, onStage, cancelHref }: GuidedFlowProps) {
  const start = useStartJob();
  const begin = () => {
    if (offer.data === undefined) return;
    // One that runs is followed as soon as it is heard of; this one may have ended before that.
    start.mutate({ job: request(offer.data.ticket) }, { onSuccess: (job) => navigate(hrefOf(job)) });
  };
  return (
    <>
      <Cancel href={cancelHref} />
      <div className="flow-foot-words">
        {start.isError ? (
          <ErrorState error={start.error} onRetry={() => onStage('plan')} />
        ) : (
          'Until now nothing has changed.'
        )}
      </div>
      <div className="flow-foot-end">
        <Button onClick={() => onStage('plan')}>Back</Button>
        <Button look="primary" busy={start.isPending} onClick={begin}>
          {act}
        </Button>
      </div>
    </>
  );
}

function Cancel({ href }: { href: string }) {
  return (
    <a className="button button-regular" href={href}>
      Cancel
    </a>
  );
}

/** Back to the plan, made anew: what was seen may not hold any more. */
function again({ offer, onStage, planHref }: GuidedFlowProps): void {
  onStage('plan');
  navigate(planHref);
  void offer.refetch();
}

function stepsOf(
  { what, isUndo }: GuidedFlowProps,
  plan: ShownPlan | undefined,
  job: JobState | undefined,
): readonly FlowStep[] {
  return [
    ...(what === undefined ? [] : [{ name: 'What', decided: what.decided }]),
    { name: 'Plan', decided: plan === undefined ? undefined : planSummary(plan, Date.now()) },
    { name: 'Confirm', decided: job === undefined ? undefined : `Confirmed at ${formatClock(job.startedAt)}` },
    { name: isUndo ? 'Undo' : 'Restore' },
    { name: 'Result' },
  ];
}
