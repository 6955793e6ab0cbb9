import type { PanelStatus } from '../../shared/protocol/status-views.ts';
import { isRestoring } from '../../shared/restoring.ts';
import { errorWay } from '../app/error-ways.ts';
import { useStartJob } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useSizes } from '../components/size.tsx';
import './next-snapshot.css';

/** How far the Brain is from its next snapshot, and the way to take one now. */
export function NextSnapshot({ status }: { status: PanelStatus }) {
  const start = useStartJob();
  const restoring = isRestoring(status);
  // Where the cause has to be dealt with first, that is the primary button.
  const isSecond = status.failing !== null && errorWay(status.failing.error.code) !== undefined;
  return (
    <>
      <div className="next">
        <Growth status={status} />
        <Button
          look={isSecond ? 'regular' : 'primary'}
          busy={start.isPending || (status.state === 'running' && !restoring)}
          disabled={restoring}
          onClick={() => start.mutate({ job: { kind: 'backUp' } })}
        >
          Back up now
        </Button>
      </div>
      {start.isError ? (
        <div className="overview-inset">
          <ErrorState error={start.error} />
        </div>
      ) : null}
    </>
  );
}

function Growth({ status }: { status: PanelStatus }) {
  const sizes = useSizes();
  const { watcher, watching, snapshots } = status;
  if (isRestoring(status)) return <p className="next-words">Snapshots go on after the restore.</p>;
  if (snapshots === 0) return <p className="next-words">The first one takes longest.</p>;
  if (watcher?.running !== true || watching.kind === 'paused') {
    return <p className="next-words">Snapshots are taken only when you ask.</p>;
  }
  const { growthBytes, thresholdBytes } = watcher;
  const isDue = growthBytes >= thresholdBytes;
  const words = `${sizes.share(Math.max(0, growthBytes), thresholdBytes)} until a snapshot`;
  const shown = isDue ? `${sizes.bytes(growthBytes)} of growth: a snapshot is due` : words;
  return (
    <div className="next-words">
      <p>{shown}</p>
      <ProgressBar
        label="Growth towards the next snapshot"
        value={growthBytes}
        max={thresholdBytes}
        valueText={shown}
        tone={isDue ? 'bad' : 'accent'}
      />
    </div>
  );
}
