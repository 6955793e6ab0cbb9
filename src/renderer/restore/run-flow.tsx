import { useEffect } from 'react';
import type { JobState } from '../../shared/protocol/jobs.ts';
import type { ShownPlan, ShownReport } from '../../shared/protocol/restore-views.ts';
import { links } from '../app/routes.ts';
import { useAction } from '../client/use-call.ts';
import { useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { useNow } from '../components/use-now.ts';
import { formatClock } from '../format/time.ts';
import { momentOfId } from '../snapshot/moment-of-id.ts';
import { type FailureWords, failureWords } from './failure-words.ts';
import { Flow, type FlowStep } from './flow.tsx';
import { formatSpan } from './format-span.ts';
import { countLost, memoryCount } from './plan-words.ts';
import { DoneResult, FailedResult } from './result-step.tsx';
import { RunStep } from './run-step.tsx';
import { runSteps } from './run-steps.ts';

export interface RunFlowProps {
  readonly name: string;
  readonly about: string;
  readonly steps: readonly FlowStep[];
  readonly job: JobState;
  readonly plan: ShownPlan | undefined;
  readonly isUndo: boolean;
  readonly onAgain: () => void;
}

/** A restore that runs, and what came of it. */
export function RunFlow(props: RunFlowProps) {
  const { job, steps, name, about } = props;
  const report = reportOf(job);
  const result = steps.length - 1;
  const decided = steps.map((step, index) =>
    index === result - 1 && job.endedAt !== null
      ? { ...step, decided: formatSpan(spanOf(job, 0)), isFailed: job.state !== 'done' }
      : step,
  );
  if (job.state === 'running') return <Running {...props} current={result - 1} />;
  const shared = { name, about, steps: decided, current: result };
  const when = job.endedAt === null ? undefined : `Ended at ${formatClock(job.endedAt)}`;
  if (report !== undefined) {
    return (
      <Flow
        {...shared}
        title={doneTitle(report)}
        lead={doneLead(report)}
        when={when}
        foot={<DoneFoot report={report} />}
      >
        <DoneResult report={report} />
      </Flow>
    );
  }
  const words = failureWords(job);
  return (
    <Flow
      {...shared}
      title={words.title}
      lead={words.lead}
      when={when}
      foot={<FailedFoot words={words} onAgain={props.onAgain} />}
    >
      <FailedResult job={job} words={words} />
    </Flow>
  );
}

function Running({ job, plan, isUndo, current, ...shared }: RunFlowProps & { current: number }) {
  const now = useNow(1000);
  const steps = runSteps(plan, job, now);
  const at = steps.findIndex(({ place }) => place === 'now') + 1;
  const goesBack = job.progress?.phase === 'rollback' || job.isCancelling;
  useEffect(() => warnOfLeaving(), []);
  const lead = goesBack
    ? 'Everything is put back as it was.'
    : `Step ${at} of ${steps.length} · ${formatSpan(spanOf(job, now))} so far`;
  const title = goesBack ? 'Going back' : isUndo ? 'Undoing the restore' : shared.name.replace(/^Restore/, 'Restoring');
  return (
    <Flow
      {...shared}
      current={current}
      title={title}
      lead={lead}
      when={`Started at ${formatClock(job.startedAt)}`}
      foot={<RunFoot job={job} />}
    >
      <RunStep job={job} plan={plan} />
    </Flow>
  );
}

/** The restore goes on without the window; whoever closes it should know. */
function warnOfLeaving(): () => void {
  const warn = (event: BeforeUnloadEvent) => event.preventDefault();
  window.addEventListener('beforeunload', warn);
  return () => window.removeEventListener('beforeunload', warn);
}

function RunFoot({ job }: { job: JobState }) {
  const cancel = useAction('cancelJob');
  return (
    <>
      <div className="flow-foot-words">
        {cancel.isError ? (
          <ErrorState error={cancel.error} />
        ) : (
          `Cancelling puts everything back as it was at ${formatClock(job.startedAt)}. Nothing is lost.`
        )}
      </div>
      <div className="flow-foot-end">
        <Button
          disabled={!job.canCancel && !job.isCancelling}
          busy={job.isCancelling}
          onClick={() => cancel.mutate({ id: job.id })}
        >
          {job.isCancelling ? 'Going back' : 'Cancel'}
        </Button>
      </div>
    </>
  );
}

function DoneFoot({ report }: { report: ShownReport }) {
  const { plan, id, safety } = report;
  const lost = countLost(plan.databases, Date.now());
  return (
    <>
      {id === null ? null : (
        <p className="flow-foot-words">
          <b>{safety === null ? 'This can be undone' : `Undo brings back ${momentOfId(safety)}`}</b>
          {lost.count > 0 ? `With the ${memoryCount(lost.count)}.` : 'With everything that was set aside.'}
        </p>
      )}
      <div className="flow-foot-end">
        {id === null ? null : (
          <a className="button button-regular" href={links.undo()}>
            Undo…
          </a>
        )}
        <a className="button button-primary button-regular" href={links.overview()}>
          Done
        </a>
      </div>
    </>
  );
}

function FailedFoot({ words, onAgain }: { words: FailureWords; onAgain: () => void }) {
  const recover = useStartJob();
  const isStuck = words.state === 'stuck';
  return (
    <>
      <div className="flow-foot-words">{recover.isError ? <ErrorState error={recover.error} /> : null}</div>
      <div className="flow-foot-end">
        <a className={isStuck ? 'button button-regular' : 'button button-regular'} href={links.overview()}>
          Close
        </a>
        {isStuck ? (
          <Button look="primary" busy={recover.isPending} onClick={() => recover.mutate({ job: { kind: 'recover' } })}>
            Try again to put everything back
          </Button>
        ) : (
          <Button look="primary" onClick={onAgain}>
            Look at the plan again
          </Button>
        )}
      </div>
    </>
  );
}

function doneTitle({ plan, id }: ShownReport): string {
  if (id === null) return 'Everything was as it is';
  if (plan.what === 'undo') return 'The restore is undone';
  const moment = momentOfId(plan.source);
  if (plan.paths.length > 0) return `${plan.paths.length === 1 ? 'The file is' : 'The files are'} back to ${moment}`;
  if (plan.scope === 'brain') return `The Brain is back to ${moment}`;
  return plan.scope === 'code' ? `The code is back to ${moment}` : `Codex is back to ${moment}`;
}

function doneLead({ plan, durationMs, id }: ShownReport): string {
  if (id === null) return 'There was nothing to restore.';
  const lost = countLost(plan.databases, Date.now());
  const aside = lost.count > 0 ? ` ${memoryCount(lost.count)} ${lost.count === 1 ? 'is' : 'are'} set aside.` : '';
  return `It took ${formatSpan(durationMs)}.${aside}`;
}

function reportOf({ result }: JobState): ShownReport | undefined {
  return result?.kind === 'restore' || result?.kind === 'undo' ? result.report : undefined;
}

const spanOf = ({ startedAt, endedAt }: JobState, now: number): number =>
  (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt);
