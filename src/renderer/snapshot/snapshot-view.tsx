import { useState } from 'react';
import type { ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import { links, type Route } from '../app/routes.ts';
import { navigate } from '../app/use-route.ts';
import { View } from '../app/view.tsx';
import { useCall } from '../client/use-call.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { Tabs } from '../components/segments.tsx';
import { formatClock, formatDay } from '../format/time.ts';
import { BrainTab } from './brain-tab.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { ChecksTab } from './checks-tab.tsx';
import { ContentsTab } from './contents-tab.tsx';
import { SnapshotActions } from './snapshot-actions.tsx';
import { SnapshotFacts } from './snapshot-facts.tsx';
import { SnapshotTrouble } from './snapshot-trouble.tsx';
import './snapshot-view.css';

const tabs = [
  { value: 'contents', label: 'Contents' },
  { value: 'brain', label: 'Brain' },
  { value: 'changes', label: 'Changes' },
  { value: 'checks', label: 'Checks' },
] as const;
type TabName = (typeof tabs)[number]['value'];

const back = { label: 'All snapshots', href: links.overview() };

/** One snapshot, looked into. */
export function SnapshotView({ route }: { route: Route }) {
  const id = route.segments[0] ?? '';
  const snapshot = useCall('snapshot', { id });
  if (snapshot.data === undefined) {
    return (
      <View title="Snapshot" back={back} alwaysBack>
        {snapshot.error === null ? (
          <Loading label="Opening the snapshot" />
        ) : (
          <ErrorState error={snapshot.error} onRetry={() => void snapshot.refetch()} fill />
        )}
      </View>
    );
  }
  return <Loaded key={id} snapshot={snapshot.data} route={route} />;
}

function Loaded({ snapshot, route }: { snapshot: ShownSnapshot; route: Route }) {
  const [opened] = useState(Date.now);
  const title = `${formatDay(snapshot.createdAt, opened)}, ${formatClock(snapshot.createdAt)}`;
  const tab = tabs.find(({ value }) => value === route.segments[1])?.value ?? 'contents';
  return (
    <View title={title} back={back} alwaysBack actions={<SnapshotActions snapshot={snapshot} />} scroll={false}>
      <div className="snapshot">
        <SnapshotFacts snapshot={snapshot} />
        <SnapshotTrouble snapshot={snapshot} tab={tab} />
        <Tabs
          label="Parts of this snapshot"
          segments={tabs}
          value={tab}
          onChange={(value) => navigate(links.snapshot(snapshot.id, value))}
        >
          <Tab tab={tab} snapshot={snapshot} query={route.query} />
        </Tabs>
      </div>
    </View>
  );
}

function Tab({ tab, snapshot, query }: { tab: TabName; snapshot: ShownSnapshot; query: URLSearchParams }) {
  switch (tab) {
    case 'contents':
      return (
        <ContentsTab
          snapshot={snapshot}
          path={query.get('path') ?? undefined}
          against={query.get('against') ?? undefined}
        />
      );
    case 'brain':
      return <BrainTab snapshot={snapshot} />;
    case 'changes':
      return <ChangesTab snapshot={snapshot} against={query.get('against') ?? undefined} />;
    case 'checks':
      return <ChecksTab snapshot={snapshot} />;
  }
}
