import { formatDuration } from '../../shared/format.ts';
import type { Phase } from '../../shared/progress.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import { capitalise } from '../../shared/words.ts';
import { useAction } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useSizes } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { type ProgressWords, progressWords } from '../format/progress-words.ts';
import { formatClock } from '../format/time.ts';
import { StateMark } from '../icons/state-mark.tsx';
import './running-snapshot.css';

/** The steps that a person cares for, with the engine's phases in each. Always all three, so that nothing jumps. */
const steps: readonly { readonly name: string; readonly done: string; readonly phases: readonly Phase[] }[] = [
  { name: 'Brain and databases', done: 'Brain and databases copied', phases: ['wait', 'walk', 'brain', 'databases'] },
  { name: 'Check and code', done: 'Copies checked, code written', phases: ['check', 'code'] },
  { name: 'Read back', done: 'Read back', phases: ['read-back', 'publish'] },
];

/** A snapshot that is being taken: how far it is, how fast, and the way to stop it. */
export function RunningSnapshot({ job, newest }: { job: JobState; newest: string | undefined }) {
  const cancel = useAction('cancelJob');
  const sizes = useSizes();
  const now = useNow(1000);
  const words = progressWords(job, now, sizes);
  const current = currentStep(job);
  return (
    <section className="running" aria-label="Progress">
      <ol className="running-steps">
        {steps.map((step, index) => (
          <li key={step.name} className={`running-step running-${placeOf(index, current)}`}>
            <Step step={step} place={placeOf(index, current)} job={job} words={words} />
          </li>
        ))}
      </ol>
      <div className="running-foot">
        <p>
          {pace(words)}
          <span>{newest === undefined ? '' : `If you cancel, ${formatClock(newest)} stays the newest.`}</span>
        </p>
        <Button disabled={!job.canCancel} busy={job.isCancelling} onClick={() => cancel.mutate({ id: job.id })}>
          Cancel
        </Button>
      </div>
    </section>
  );
}

type Place = 'done' | 'now' | 'later';

function Step({
  step,
  place,
  job,
  words,
}: {
  step: (typeof steps)[number];
  place: Place;
  job: JobState;
  words: ProgressWords;
}) {
  if (place === 'later') {
    return (
      <>
        <StateMark mark="wait" />
        <span className="running-name">{step.name}</span>
      </>
    );
  }
  if (place === 'done') {
    return (
      <>
        <StateMark mark="done" />
        <span className="running-name">{step.done}</span>
        <span className="running-end">{durationOf(job, step.phases)}</span>
      </>
    );
  }
  return (
    <>
      <StateMark mark="running" />
      <span className="running-name">
        {words.phase} {words.share}
      </span>
      <span className="running-end">{words.amount}</span>
      <div className="running-bar">
        <ProgressBar
          label={words.phase}
          value={job.progress?.done ?? 0}
          max={job.progress?.total}
          valueText={words.share}
        />
      </div>
    </>
  );
}

/** The furthest step that has begun: phases of two may take turns. */
function currentStep({ progress, passed }: JobState): number {
  const seen = [...passed.map(({ phase }) => phase), ...(progress === null ? [] : [progress.phase])];
  return Math.max(0, ...seen.map((phase) => steps.findIndex(({ phases }) => phases.includes(phase))));
}

function placeOf(index: number, current: number): Place {
  if (index === current) return 'now';
  return index < current ? 'done' : 'later';
}

function durationOf({ passed }: JobState, phases: readonly Phase[]): string {
  const milliseconds = passed
    .filter(({ phase }) => phases.includes(phase))
    .reduce((sum, one) => sum + one.durationMs, 0);
  return milliseconds === 0 ? '' : formatDuration(milliseconds);
}

function pace({ left, rate }: ProgressWords): string {
  const text = [left, rate].filter(Boolean).join(' · ');
  return text === '' ? '' : `${capitalise(text)}. `;
}
