import { QueryClient } from '@tanstack/react-query';
import type { CallName } from '../../shared/protocol/calls.ts';
import type { PanelClient } from '../../shared/protocol/client.ts';
import type { PanelEvent } from '../../shared/protocol/events.ts';
import { forgetRunning, jobsKey, rememberJob } from './known-jobs.ts';

const ofSnapshots: readonly CallName[] = [
  'snapshots',
  'snapshot',
  'growth',
  'status',
  'databases',
  'diff',
  'planPrune',
  'activity',
];
const ofSettings: readonly CallName[] = [
  'settings',
  'coverage',
  'firstRun',
  'status',
  'growth',
  'planPrune',
  'doctor',
  'activity',
];

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The host says what has changed; a failed call has said why, and asking again is the user's choice.
      queries: { staleTime: 60_000, retry: false, refetchOnWindowFocus: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** Asks again for what an event has made old, and for everything after a lost connection. Answers how to stop. */
export function followHost(client: PanelClient, queries: QueryClient): () => void {
  const stopEvents = client.onEvent((event) => {
    if (event.kind === 'job') queries.setQueryData(jobsKey, rememberJob(event.job));
    for (const name of staleAfter(event)) void queries.invalidateQueries({ queryKey: [name] });
  });
  const stopConnection = client.onConnection(({ kind }) => {
    if (kind !== 'open') return;
    queries.setQueryData(jobsKey, forgetRunning);
    void queries.invalidateQueries();
  });
  return () => {
    stopEvents();
    stopConnection();
  };
}

function staleAfter(event: PanelEvent): readonly CallName[] {
  switch (event.kind) {
    case 'statusChanged':
      return ['status'];
    case 'snapshotsChanged':
      return ofSnapshots;
    case 'settingsChanged':
      return ofSettings;
    case 'restoresChanged':
      return ['restores', 'status', 'activity'];
    case 'watch':
      return event.event.kind === 'look' ? ['growth', 'status', 'databases'] : [];
    case 'job':
      return event.job.state === 'running' ? [] : ['activity', 'status'];
    case 'output':
    case 'closing':
      return [];
  }
}
