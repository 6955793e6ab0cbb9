import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import type { ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import { triggerWords } from '../../shared/words.ts';
import { links, type Route } from '../app/routes.ts';
import { View } from '../app/view.tsx';
import { useCall } from '../client/use-call.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { formatClock, formatDay, formatMoment } from '../format/time.ts';
import { GuidedFlow, type Stage } from './guided-flow.tsx';
import { scopeWords } from './plan-words.ts';
import { firstWish, planRequest, type RestoreWish, wishProblem } from './restore-wish.ts';
import { useFlowJob } from './use-flow-job.ts';
import { WhatStep } from './what-step.tsx';

/** Brings a snapshot back, one question after the other. */
export function RestoreView({ route }: { route: Route }) {
  const id = route.segments[0] ?? '';
  const snapshot = useCall('snapshot', { id });
  if (snapshot.data !== undefined) return <Loaded key={id} snapshot={snapshot.data} query={route.query} />;
  return (
    <View title="Restore" back={{ label: 'All snapshots', href: links.overview() }} alwaysBack>
      {snapshot.error === null ? (
        <Loading label="Opening the snapshot" />
      ) : (
        <ErrorState error={snapshot.error} onRetry={() => void snapshot.refetch()} fill />
      )}
    </View>
  );
}

function Loaded({ snapshot, query }: { snapshot: ShownSnapshot; query: URLSearchParams }) {
  const { id, createdAt, trigger } = snapshot;
  const queries = useQueryClient();
  const [wish, setWish] = useState(() => usableWish(firstWish(query), snapshot));
  const [stage, setStage] = useState<Stage>('what');
  const request = planRequest(id, wish);
  const job = useFlowJob(query);
  const offer = useCall('planRestore', request, { enabled: stage !== 'what' && job === undefined });
  const moment = formatMoment(createdAt, Date.now());
  const go = (next: Stage) => {
    // A plan is good for the moment: coming from the first step it is made anew.
    if (stage === 'what') queries.removeQueries({ queryKey: ['planRestore', request] });
    setStage(next);
  };
  return (
    <GuidedFlow
      name={`Restore to ${moment}`}
      about={`${formatDay(createdAt, Date.now())} ${formatClock(createdAt)}, ${triggerWords[trigger]} · ${wishWords(wish)}`}
      act={`Restore to ${moment}`}
      planLead={`Nothing has changed yet. ${leadOf(wish)} would go back to how it was at ${moment}.`}
      what={{
        title: 'What should come back?',
        decided: wishWords(wish),
        problem: wishProblem(wish, snapshot),
        body: <WhatStep snapshot={snapshot} wish={wish} onChange={setWish} />,
      }}
      stage={stage}
      onStage={go}
      offer={offer}
      request={(plan) => ({ kind: 'restore', plan })}
      job={job}
      planHref={links.restore(id)}
      isUndo={job?.kind === 'undo'}
      cancelHref={links.snapshot(id)}
    />
  );
}

function wishWords({ what, paths }: RestoreWish): string {
  if (what !== 'files') return scopeWords[what];
  const [first = 'Chosen files'] = paths;
  return paths.length < 2 ? first.slice(first.lastIndexOf('/') + 1) : `${formatNumber(paths.length)} files and folders`;
}

function leadOf({ what }: RestoreWish): string {
  if (what === 'brain') return 'The Brain';
  if (what === 'databases') return 'Every other database';
  if (what === 'files') return 'What you chose';
  return what === 'code' ? 'The code' : 'Codex';
}

/** All that a snapshot without a Brain, or without code, has. */
function usableWish(wish: RestoreWish, snapshot: ShownSnapshot): RestoreWish {
  if (wishProblem(wish, snapshot) === undefined || wish.what === 'files') return wish;
  return { ...wish, what: snapshot.brain === null ? 'code' : 'brain' };
}
