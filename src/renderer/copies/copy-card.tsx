import { useState } from 'react';
import type { CopyStatus } from '../../shared/copies.ts';
import { jobOutcome } from '../../shared/job-words.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import { links } from '../app/routes.ts';
import { useAction } from '../client/use-call.ts';
import { useJobs, useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useSizes } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { progressWords } from '../format/progress-words.ts';
import { StateMark } from '../icons/state-mark.tsx';
import './copies.css';
import { CopySnapshotsDialog } from './copy-snapshots-dialog.tsx';
import { copyHoldWords, copyStateWords } from './copy-words.ts';
import { toldEnd } from './told-end.ts';

const marks = { 'in step': 'done', behind: 'attention', failing: 'failed', 'not there': 'wait' } as const;

/** One copy: its state, what it holds, what is wrong and what to do. */
export function CopyCard({ copy }: { copy: CopyStatus }) {
  const now = useNow(10_000);
  const sizes = useSizes();
  const start = useStartJob();
  const [isChoosing, setChoosing] = useState(false);
  const { name } = copy;
  const jobs = useJobs().filter((job) => job.copy === name);
  const running = jobs.find(({ state }) => state === 'running');
  const ended = toldEnd(jobs);
  const isBusy = running !== undefined || copy.isRunning;
  const fetch = (id: string) => {
    setChoosing(false);
    start.mutate({ job: { kind: 'fetchCopy', name, id } });
  };
  return (
    <li className="copy">
      <StateMark mark={isBusy ? 'running' : marks[copy.state]} />
      <div className="copy-words">
        <p className="copy-name">
          <b>{name}</b> <span>{copyStateWords(copy, now)}</span>
        </p>
        <p className="copy-detail">
          <span className="path">{copy.place}</span>
          {copyHoldWords(copy, now, sizes)}
        </p>
        <CopyNotes copy={copy} isBusy={isBusy} />
        {running === undefined ? null : <CopyProgress job={running} />}
        {running !== undefined || ended === undefined ? null : <CopyOutcome job={ended} />}
        {start.isError ? <ErrorState error={start.error} /> : null}
      </div>
      <div className="copy-actions">
        <Button
          size="small"
          busy={isBusy}
          aria-label={`Copy now ${name}`}
          onClick={() => start.mutate({ job: { kind: 'copy', name } })}
        >
          Copy now
        </Button>
        {copy.snapshots === 0 || copy.state === 'not there' ? null : (
          <Button
            size="small"
            disabled={isBusy}
            aria-label={`Restore from it… ${name}`}
            onClick={() => setChoosing(true)}
          >
            Restore from it…
          </Button>
        )}
      </div>
      {isChoosing ? <CopySnapshotsDialog name={name} onChoose={fetch} onClose={() => setChoosing(false)} /> : null}
    </li>
  );
}

function CopyNotes({
  copy: { error, isSafeToRemove, isSameDisk, drill },
  isBusy,
}: {
  copy: CopyStatus;
  isBusy: boolean;
}) {
  return (
    <>
      {error === null ? null : (
        <p className="copy-error">
          {error.message} {error.hint}
        </p>
      )}
      {drill?.ok === false ? <p className="copy-error">The last trial restore from it did not work.</p> : null}
      {isSameDisk === true ? (
        <p className="copy-detail">It lies on the disk of the backups, and dies with it.</p>
      ) : null}
      {isSafeToRemove && !isBusy ? <p className="copy-detail">Its disk is safe to remove.</p> : null}
    </>
  );
}

function CopyProgress({ job }: { job: JobState }) {
  const sizes = useSizes();
  const now = useNow(1000);
  const cancel = useAction('cancelJob');
  const words = progressWords(job, now, sizes);
  const { progress } = job;
  return (
    <div className="copy-progress">
      <ProgressBar
        label={words.phase}
        value={progress?.done ?? 0}
        max={progress?.total}
        valueText={`${words.phase} ${words.share}`}
      />
      <span>{words.amount}</span>
      {job.canCancel || job.isCancelling ? (
        <Button
          size="small"
          busy={job.isCancelling}
          aria-label={`Cancel ${job.copy}`}
          onClick={() => cancel.mutate({ id: job.id })}
        >
          Cancel
        </Button>
      ) : null}
    </div>
  );
}

function CopyOutcome({ job }: { job: JobState }) {
  const snapshot = job.result?.kind === 'fetchCopy' ? job.result.snapshot.id : undefined;
  return (
    <p className={job.state === 'failed' ? 'copy-error' : 'copy-detail'} role="status">
      {jobOutcome(job)} {job.state === 'failed' ? job.error?.hint : null}
      {snapshot === undefined ? null : <a href={links.restore(snapshot)}>Restore it…</a>}
    </p>
  );
}
