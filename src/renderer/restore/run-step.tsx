import { progressShare } from '../../shared/progress.ts';
import type { JobState, OutputLine } from '../../shared/protocol/jobs.ts';
import type { ShownPlan } from '../../shared/protocol/restore-views.ts';
import { useJobOutput } from '../client/use-jobs.ts';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useSizes } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { progressWords } from '../format/progress-words.ts';
import { StateMark } from '../icons/state-mark.tsx';
import { formatSpan } from './format-span.ts';
import { OutputLog } from './output-log.tsx';
import './run-step.css';
import { runSteps, type RunStep as Step } from './run-steps.ts';

const marks = { done: 'done', now: 'running', later: 'wait' } as const;

/** A restore while it runs: its steps, and what the commands of the present one write. */
export function RunStep({ job, plan }: { job: JobState; plan: ShownPlan | undefined }) {
  const now = useNow(1000);
  const lines = useJobOutput(job.id);
  const steps = runSteps(plan, job, now);
  const current = steps.findIndex(({ place }) => place === 'now');
  const done = Math.max(0, current) + progressShare(job.progress);
  return (
    <>
      <ProgressBar
        label="Restore"
        value={done}
        max={steps.length}
        valueText={`Step ${current + 1} of ${steps.length}`}
      />
      <ol className="live">
        {steps.map((step) => (
          <li key={step.phase} className={`live-${step.place}`}>
            <Line step={step} job={job} />
            {step.place === 'now' ? <StepOutput step={step} plan={plan} lines={lines} /> : null}
          </li>
        ))}
      </ol>
    </>
  );
}

function Line({ step, job }: { step: Step; job: JobState }) {
  const sizes = useSizes();
  const words = progressWords(job, useNow(1000), sizes);
  const subject = job.progress?.subject ?? '';
  const detail = step.place === 'now' ? [subject, words.amount].filter(Boolean).join(' · ') : '';
  return (
    <div className="live-line">
      <StateMark mark={marks[step.place]} label={step.place === 'later' ? 'to come' : step.place} />
      <span className="live-name">{step.name}</span>
      <span className="live-detail cut" title={detail}>
        {detail}
      </span>
      <span className="live-time">{step.durationMs < 500 ? '' : formatSpan(step.durationMs)}</span>
    </div>
  );
}

/** What the commands of this step have written; where the plan isn't known, what any command has. */
function StepOutput({ step, plan, lines }: { step: Step; plan: ShownPlan | undefined; lines: readonly OutputLine[] }) {
  const commands = plan?.steps.filter((one) => one.step === step.phase).flatMap((one) => one.commands);
  const names = commands?.map(({ command }) => command.join(' '));
  const own = names === undefined ? lines : lines.filter(({ command }) => names.includes(command));
  return own.length === 0 ? null : <OutputLog lines={own} />;
}
