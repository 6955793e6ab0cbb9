import { X } from 'lucide-react';
import { useState } from 'react';
import { jobOutcome, jobTitle } from '../../shared/job-words.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import { useAction } from '../client/use-call.ts';
import { useJobs } from '../client/use-jobs.ts';
import { Button, IconButton } from '../components/button.tsx';
import { CopyDetails } from '../components/error-state.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useSizes } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { progressWords } from '../format/progress-words.ts';
import { StateMark } from '../icons/state-mark.tsx';
import { HoldQuestion } from './hold-question.tsx';
import './job-bar.css';
import { errorWay } from './error-ways.ts';
import type { Route } from './routes.ts';

const shownAfterMs = 8000;

/** Long work, wherever the user is meanwhile; and for a moment what came of it, a failure until it is put away. */
export function JobBar({ route }: { route: Route }) {
  const jobs = useJobs();
  const now = useNow(1000);
  const [openedAt] = useState(Date.now);
  const [away, setAway] = useState<ReadonlySet<string>>(new Set());
  const shown = jobs.filter((job) => !away.has(job.id) && !hasOwnPlace(job, route) && isShown(job, now, openedAt));
  const question = jobs.find((job) => job.state === 'running' && job.question !== null);
  return (
    <>
      {question === undefined ? null : <HoldQuestion job={question} />}
      <div className="job-bar" aria-live="polite">
        {shown.map((job) =>
          job.state === 'running' ? (
            <RunningJob key={job.id} job={job} />
          ) : (
            <EndedJob key={job.id} job={job} onAway={() => setAway(new Set([...away, job.id]))} />
          ),
        )}
      </div>
    </>
  );
}

/** Some work is shown by the view that began it: the job bar would say it twice. */
function hasOwnPlace(job: JobState, route: Route): boolean {
  if (route.view === 'first-run') return job.kind === 'backUp' || (job.kind === 'sample' && job.state === 'done');
  if (job.kind === 'prune') return route.view === 'clean-up';
  // The card of a copy on the overview shows what is done with it.
  if (job.kind === 'copy' || job.kind === 'fetchCopy') return route.view === '';
  if (job.kind === 'backUp') return route.view === '' && job.state !== 'failed';
  return route.view === 'restore' || route.view === 'undo';
}

function isShown(job: JobState, now: number, openedAt: number): boolean {
  if (job.state === 'running') return true;
  const endedAt = Date.parse(job.endedAt ?? job.startedAt);
  // What had ended before this window opened is history, and told in Activity.
  if (endedAt < openedAt) return false;
  // What the watcher failed at is part of the state.
  if (job.state === 'failed') return job.by === 'user';
  return job.by === 'user' && now - endedAt < shownAfterMs;
}

function RunningJob({ job }: { job: JobState }) {
  const sizes = useSizes();
  const now = useNow(1000);
  const cancel = useAction('cancelJob');
  const words = progressWords(job, now, sizes);
  const title = jobTitle(job);
  // Screen readers are told of the phases, not of every percent.
  return (
    <div className="job">
      <div className="job-line">
        <StateMark mark="running" />
        <p className="job-words">
          <b>{title}</b> <span className="soft">{words.phase}</span>
          <span className="soft numeric" aria-hidden="true">
            {' '}
            {words.share}
          </span>
        </p>
        {job.canCancel ? (
          <Button size="small" busy={job.isCancelling} onClick={() => cancel.mutate({ id: job.id })}>
            Cancel
          </Button>
        ) : null}
      </div>
      <ProgressBar label={title} value={job.progress?.done ?? 0} max={job.progress?.total} valueText={words.share} />
    </div>
  );
}

function EndedJob({ job, onAway }: { job: JobState; onAway: () => void }) {
  const failed = job.state === 'failed';
  const way = job.error === null ? undefined : errorWay(job.error.code);
  return (
    <div className="job">
      <div className="job-line">
        <StateMark mark={failed ? 'failed' : job.state === 'cancelled' ? 'wait' : 'done'} />
        <p className="job-words">
          {jobOutcome(job)} {failed && job.error !== null ? <span className="soft">{job.error.hint}</span> : null}
        </p>
        {way === undefined ? null : (
          <a className="button button-regular button-small" href={way.href}>
            {way.label}
          </a>
        )}
        {job.error === null ? null : <CopyDetails report={job.error} />}
        <IconButton label="Put away" icon={<X aria-hidden />} onClick={onAway} />
      </div>
    </div>
  );
}
