import { useEffect, useState } from 'react';
import { AppError } from '../../shared/app-error.ts';
import { formatNumber } from '../../shared/format.ts';
import type { PanelStatus } from '../../shared/protocol/status-views.ts';
import { links } from '../app/routes.ts';
import { useWide } from '../app/use-wide.ts';
import { useCall } from '../client/use-call.ts';
import { useJobs } from '../client/use-jobs.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { Size } from '../components/size.tsx';
import { CopiesSection } from '../copies/copies-section.tsx';
import { Causes } from './causes.tsx';
import { DiskSection } from './disk-section.tsx';
import { GrowthSection } from './growth-section.tsx';
import { History } from './history.tsx';
import { NextSnapshot } from './next-snapshot.tsx';
import './overview.css';
import { RunningSnapshot } from './running-snapshot.tsx';
import { StateHeader } from './state-header.tsx';

/** Is everything safe? Below it what there is, newest first. */
export function Overview() {
  const status = useCall('status', {});
  return (
    <main className="overview">
      {status.data === undefined ? (
        <Pending error={status.error} onRetry={() => void status.refetch()} />
      ) : (
        <Loaded status={status.data} />
      )}
    </main>
  );
}

function Pending({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  const isUnset = error instanceof AppError && error.code === 'root-unset';
  useEffect(() => {
    if (isUnset) window.location.replace(links.firstRun());
  }, [isUnset]);
  return (
    <div className="view-scroll">
      <h1 className="unseen">Overview</h1>
      {error === null ? <Loading label="Looking at the Brain" /> : <ErrorState error={error} onRetry={onRetry} fill />}
    </div>
  );
}

function Loaded({ status }: { status: PanelStatus }) {
  const wide = useWide();
  const [selected, setSelected] = useState<string>();
  const state = (
    <>
      <Top status={status} />
      <GrowthSection status={status} selected={selected} onSelect={setSelected} />
      {status.snapshots === 0 ? null : <DiskSection disk={status.disk} />}
      <CopiesSection status={status} />
    </>
  );
  if (!wide) {
    return (
      <div className="view-scroll" data-scroll>
        {state}
        <HistoryPart status={status} selected={selected} />
      </div>
    );
  }
  return (
    <div className="overview-columns">
      <div className="view-scroll overview-state">{state}</div>
      <div className="view-scroll overview-history" data-scroll>
        <HistoryPart status={status} selected={selected} />
      </div>
    </div>
  );
}

function Top({ status }: { status: PanelStatus }) {
  const job = useJobs().find(({ kind, state }) => kind === 'backUp' && state === 'running');
  return (
    <>
      <StateHeader status={status} job={job} />
      {job === undefined ? <Causes status={status} /> : null}
      {job === undefined ? (
        <NextSnapshot status={status} />
      ) : (
        <RunningSnapshot job={job} newest={status.last?.createdAt} />
      )}
    </>
  );
}

function HistoryPart({ status, selected }: { status: PanelStatus; selected: string | undefined }) {
  return (
    <section className="history-part" aria-labelledby="history">
      <div className="history-head">
        <h2 id="history" className="head">
          Snapshots
        </h2>
        <p>
          {status.snapshots === 0 ? null : (
            <span>
              {formatNumber(status.snapshots)} · <Size bytes={status.disk.usedBytes} />
            </span>
          )}
          {status.isSample ? <a href={links.firstRun()}>Use your own Codex…</a> : null}
        </p>
      </div>
      <History selected={selected} />
    </section>
  );
}
