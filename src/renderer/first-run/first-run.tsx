import { useState } from 'react';
import { useViewFocus } from '../app/view.tsx';
import { useCall } from '../client/use-call.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { Shield } from '../icons/shield.tsx';
import { useCoverage } from '../uncovered/use-coverage.ts';
import { CheckList } from './check-list.tsx';
import { CoverageQuestion, type CoverageWish } from './coverage-question.tsx';
import { FirstRunFoot } from './first-run-foot.tsx';
import './first-run.css';
import type { RetentionChoice } from './retention-choices.ts';
import { RetentionQuestion } from './retention-question.tsx';
import { RootQuestion } from './root-question.tsx';
import { useStartProtecting } from './use-start-protecting.ts';

/** From nothing to the first snapshot, on one page. Everything on it can be changed later. */
export function FirstRunView() {
  const firstRun = useCall('firstRun', {});
  const root = firstRun.data?.root ?? null;
  const coverage = useCoverage({ enabled: root !== null });
  const [wish, setWish] = useState<CoverageWish>({ kind: 'all', paths: new Set() });
  const [retention, setRetention] = useState<RetentionChoice>('all');
  const start = useStartProtecting({ coverage, wish, retention });
  return (
    <main className="first">
      <Hello />
      <div className="first-main">
        {/* While all of it is disabled, the keyboard scrolls the box itself. */}
        <div className="view-scroll" {...(start.isBusy ? { tabIndex: 0 } : {})}>
          <div className="first-questions">
            {firstRun.data === undefined ? (
              firstRun.error === null ? (
                <Loading label="Looking for Codex" />
              ) : (
                <ErrorState error={firstRun.error} onRetry={() => void firstRun.refetch()} />
              )
            ) : (
              <fieldset className="first-fieldset" disabled={start.isBusy}>
                <legend className="unseen">Set up</legend>
                <RootQuestion firstRun={firstRun.data} />
                {root === null ? null : (
                  <>
                    <CheckList findings={firstRun.data.checks} />
                    <CoverageQuestion coverage={coverage} wish={wish} onChange={setWish} />
                    <RetentionQuestion choice={retention} onChange={setRetention} />
                  </>
                )}
              </fieldset>
            )}
            {start.error === null ? null : <ErrorState error={start.error} />}
          </div>
        </div>
        {firstRun.data === undefined ? null : <FirstRunFoot firstRun={firstRun.data} start={start} />}
      </div>
    </main>
  );
}

function Hello() {
  const heading = useViewFocus('Protect your Codex');
  return (
    <header className="first-hello">
      <Shield state="plain" height={64} />
      <div>
        <h1 ref={heading} tabIndex={-1} className="title1">
          Protect your Codex
        </h1>
        <p>Snapshots of the Brain and the code, taken whenever something has changed.</p>
      </div>
    </header>
  );
}
