import { useState } from 'react';
import { phaseWord } from '../../shared/job-words.ts';
import { isRestore } from '../../shared/restoring.ts';
import { useCall } from '../client/use-call.ts';
import { useJobs, useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { momentOfRestore, restoreWords } from './record-words.ts';

/** A restore that a crash interrupted comes before everything else; whoever puts it off finds it on the overview. */
export function InterruptedOffer() {
  const status = useCall('status', {}).data;
  const [isLater, setLater] = useState(false);
  const isInterrupted = (status?.interrupted.length ?? 0) > 0;
  const jobs = useJobs();
  const running = jobs.find((job) => job.state === 'running' && isRestore(job));
  const [watched, setWatched] = useState<string>();
  const ended = jobs.find(({ id, state }) => id === watched && state !== 'running');
  const close = () => {
    setLater(true);
    setWatched(undefined);
  };
  if (ended !== undefined && !isLater) return <Recovered error={ended.error} result={ended.result} onClose={close} />;
  if (isLater || !isInterrupted || (running !== undefined && running.kind !== 'recover')) return null;
  return (
    <Offer isRunning={running !== undefined} phase={running?.progress?.phase} onStart={setWatched} onLater={close} />
  );
}

interface OfferProps {
  readonly isRunning: boolean;
  readonly phase: Parameters<typeof phaseWord>[0] | undefined;
  readonly onStart: (job: string) => void;
  readonly onLater: () => void;
}

function Offer({ isRunning, phase, onStart, onLater }: OfferProps) {
  const start = useStartJob();
  const restores = useCall('restores', {});
  const records =
    restores.data?.filter(({ state }) => state === 'interrupted' || (isRunning && state === 'running')) ?? [];
  const recover = () => start.mutate({ job: { kind: 'recover' } }, { onSuccess: ({ id }) => onStart(id) });
  return (
    <Dialog
      open
      onClose={onLater}
      title="A restore was interrupted"
      lead="Nothing is lost. It is finished where it was past its last step, and rolled back where it was not."
      actions={
        <>
          <Button onClick={onLater}>Later</Button>
          <Button look="primary" busy={isRunning || start.isPending} onClick={recover}>
            Finish or roll back
          </Button>
        </>
      }
    >
      <ul className="small soft">
        {records.map((record) => (
          <li key={record.id}>{restoreWords(record)}</li>
        ))}
      </ul>
      {isRunning ? <ProgressBar label={phase === undefined ? 'Starting' : phaseWord(phase)} value={0} /> : null}
      {start.isError ? <ErrorState error={start.error} /> : null}
    </Dialog>
  );
}

const outcomes = {
  restored: 'was finished: it is restored.',
  'rolled-back': 'was rolled back: everything is as it was before.',
};

function Recovered({
  error,
  result,
  onClose,
}: Pick<ReturnType<typeof useJobs>[number], 'error' | 'result'> & { onClose: () => void }) {
  const restores = result?.kind === 'recover' ? result.restores : [];
  return (
    <Dialog
      open
      onClose={onClose}
      title={error === null ? 'The interrupted restore is dealt with' : 'Not everything could be put back'}
      actions={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {error === null ? null : <ErrorState error={error} />}
      <ul>
        {restores.map(({ id, outcome, startProblem }) => (
          <li key={id}>
            The restore of {momentOfRestore(id, Date.now())} {outcomes[outcome]}
            {startProblem === null ? null : <p className="text-bad">Codex does not run: {startProblem}</p>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
