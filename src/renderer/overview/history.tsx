import { type KeyboardEvent, useMemo, useState } from 'react';
import { formatCount } from '../../shared/format.ts';
import type { SnapshotRow as Row } from '../../shared/protocol/status-views.ts';
import { useCall } from '../client/use-call.ts';
import { useJobs } from '../client/use-jobs.ts';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { useNow } from '../components/use-now.ts';
import { VirtualList } from '../components/virtual-list.tsx';
import { FailedRow } from './failed-row.tsx';
import './history.css';
import { type HistoryItem, historyItems } from './history-items.ts';
import { NoteDialog } from './note-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { SnapshotRow } from './snapshot-row.tsx';
import { useRowActions } from './use-row-actions.ts';

const none: readonly never[] = [];

/** Every snapshot by day, with what can be done with it. `selected` is shown and marked. */
export function History({ selected }: { selected: string | undefined }) {
  const snapshots = useCall('snapshots', {});
  const activity = useCall('activity', { limit: 500 });
  const now = useNow(60_000);
  const items = useMemo(
    () => historyItems(snapshots.data ?? none, activity.data ?? none, now),
    [snapshots.data, activity.data, now],
  );
  if (snapshots.isPending) return <Loading label="Reading the snapshots" />;
  if (snapshots.isError) {
    return (
      <div className="overview-inset">
        <ErrorState error={snapshots.error} onRetry={() => void snapshots.refetch()} />
      </div>
    );
  }
  if (items.length === 0) {
    return (
      <EmptyState title="No snapshots yet">
        The first one holds the Brain, the other databases and the code. Then one follows whenever the Brain has grown.
      </EmptyState>
    );
  }
  return <HistoryList items={items} selected={selected} />;
}

function HistoryList({ items, selected }: { items: readonly HistoryItem[]; selected: string | undefined }) {
  const [noted, setNoted] = useState<Row>();
  const [removed, setRemoved] = useState<Row>();
  const actions = useRowActions({ onNote: setNoted, onRemove: setRemoved });
  const jobs = useJobs();
  const verifying = new Set(
    jobs.filter(({ kind, state }) => kind === 'verify' && state === 'running').flatMap(({ ids }) => ids),
  );
  return (
    // Up and down move between rows, besides the tab key, which also stops at each row's buttons.
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows' links take the keys
    <div className="history" onKeyDown={moveBetweenRows}>
      {actions.error === null ? null : (
        <div className="overview-inset">
          <ErrorState
            error={actions.error}
            actions={
              <Button size="small" onClick={actions.forgetError}>
                Put away
              </Button>
            }
          />
        </div>
      )}
      <VirtualList
        label="Snapshots, newest first"
        items={items}
        keyOf={keyOf}
        estimateRem={estimateRem}
        showKey={selected}
        render={(item) => {
          if (item.kind === 'day') return <DayHeading day={item} />;
          if (item.kind === 'failed') return <FailedRow at={item.at} message={item.message} />;
          return (
            <SnapshotRow
              row={item.row}
              actions={actions}
              isSelected={item.key === selected}
              isVerifying={verifying.has(item.key)}
            />
          );
        }}
      />
      {noted === undefined ? null : <NoteDialog row={noted} onClose={() => setNoted(undefined)} />}
      {removed === undefined ? null : <RemoveDialog row={removed} onClose={() => setRemoved(undefined)} />}
    </div>
  );
}

function DayHeading({ day }: { day: Extract<HistoryItem, { kind: 'day' }> }) {
  const failed = day.failed === 0 ? '' : ` · ${day.failed} failed`;
  return (
    <h3 className="day">
      {day.label}
      <span>
        {formatCount(day.snapshots, 'snapshot')}
        {failed}
      </span>
    </h3>
  );
}

function keyOf({ key }: HistoryItem): string {
  return key;
}

function estimateRem(item: HistoryItem): number {
  if (item.kind === 'day') return 2.25;
  return item.kind === 'snapshot' && item.row.note !== '' ? 3.375 : 2;
}

function moveBetweenRows(event: KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.target instanceof HTMLAnchorElement)) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('.snap-link')];
  // The page holds them in the order in which they came into sight.
  rows.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  const next = rows[rows.indexOf(event.target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
