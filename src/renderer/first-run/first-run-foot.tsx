import type { JobState } from '../../shared/protocol/jobs.ts';
import type { FirstRun } from '../../shared/protocol/set-up-views.ts';
import { links } from '../app/routes.ts';
import { useAction } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useSizes } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { progressWords } from '../format/progress-words.ts';
import type { StartProtecting } from './use-start-protecting.ts';

/** The way on; then how far the first snapshot is. */
export function FirstRunFoot({ firstRun, start }: { firstRun: FirstRun; start: StartProtecting }) {
  if (start.running !== undefined) return <Running job={start.running} />;
  return (
    <footer className="view-foot first-foot">
      <p className="first-foot-words small soft" role="status">
        {start.isCancelled ? 'Cancelled. Nothing of it is left.' : footSentence(firstRun)}
      </p>
      {firstRun.hasSnapshots ? (
        <a className="button button-regular" href={links.overview()}>
          To the overview
        </a>
      ) : null}
      <Button look="primary" disabled={firstRun.root === null} busy={start.isBusy} onClick={() => void start.begin()}>
        Start protecting
      </Button>
    </footer>
  );
}

function footSentence({ root, hasSnapshots }: FirstRun): string {
  if (root === null) return 'First choose the Codex folder.';
  return hasSnapshots ? 'There are snapshots of this Codex already.' : 'All of this can change later.';
}

function Running({ job }: { job: JobState }) {
  const sizes = useSizes();
  const now = useNow(1000);
  const cancel = useAction('cancelJob');
  const words = progressWords(job, now, sizes);
  const pace = [words.amount, words.rate, words.left].filter((part) => part !== '').join(' · ');
  return (
    <footer className="view-foot first-foot">
      <div className="first-foot-words">
        <p className="small">
          <span role="status">First snapshot: {words.phase.charAt(0).toLowerCase() + words.phase.slice(1)}</span>{' '}
          <span className="soft numeric" aria-hidden="true">
            {pace}
          </span>
        </p>
        <ProgressBar
          label="First snapshot"
          value={job.progress?.done ?? 0}
          max={job.progress?.total}
          valueText={words.share}
        />
      </div>
      <Button disabled={!job.canCancel} busy={job.isCancelling} onClick={() => cancel.mutate({ id: job.id })}>
        Cancel
      </Button>
    </footer>
  );
}
