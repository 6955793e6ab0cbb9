import { Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import type { Activity } from '../../shared/results.ts';
import { View } from '../app/view.tsx';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Field, SelectField } from '../components/field.tsx';
import { Loading } from '../components/loading.tsx';
import { useNow } from '../components/use-now.ts';
import { VirtualList } from '../components/virtual-list.tsx';
import { formatExact } from '../format/time.ts';
import './activity.css';
import { type ActivityItem, activityItems } from './activity-items.ts';
import { type ActivityFilter, activityFilters, matchesActivity } from './activity-kinds.ts';
import { ActivityRow } from './activity-row.tsx';
import { useActivity } from './use-activity.ts';

/** What happened: taken, checked, changed, restored, and what went wrong. */
export function ActivityView() {
  const [filter, setFilter] = useState<ActivityFilter>('all');
  const [text, setText] = useState('');
  // Typing stays quick while ten thousand entries are looked through.
  const sought = useDeferredValue(text.trim());
  const activity = useActivity();
  return (
    <View title="Activity" actions={<Filter filter={filter} text={text} onFilter={setFilter} onText={setText} />}>
      {activity.isPending ? <Loading label="Reading what happened" /> : null}
      {activity.isError && activity.entries.length === 0 ? (
        <ErrorState fill error={activity.error} onRetry={() => void activity.refetch()} />
      ) : null}
      {activity.isSuccess && activity.entries.length === 0 ? (
        <EmptyState title="Nothing has happened yet">
          Every snapshot, check, restore and change of a setting is noted here.
        </EmptyState>
      ) : null}
      {activity.entries.length === 0 ? null : (
        <Entries
          activity={activity}
          filter={filter}
          text={sought}
          onForget={() => {
            setFilter('all');
            setText('');
          }}
        />
      )}
    </View>
  );
}

interface FilterProps {
  readonly filter: ActivityFilter;
  readonly text: string;
  readonly onFilter: (filter: ActivityFilter) => void;
  readonly onText: (text: string) => void;
}

function Filter({ filter, text, onFilter, onText }: FilterProps) {
  return (
    <search className="act-filter">
      <SelectField
        label="Kind"
        hideLabel
        value={filter}
        onChange={({ target }) => onFilter(activityFilters.find(({ value }) => value === target.value)?.value ?? 'all')}
      >
        {activityFilters.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <Field
        label="Filter"
        hideLabel
        type="search"
        placeholder="Filter"
        icon={<Search aria-hidden />}
        value={text}
        onChange={({ target }) => onText(target.value)}
      />
    </search>
  );
}

interface EntriesProps {
  readonly activity: ReturnType<typeof useActivity>;
  readonly filter: ActivityFilter;
  readonly text: string;
  readonly onForget: () => void;
}

function Entries({ activity, filter, text, onForget }: EntriesProps) {
  const now = useNow(60_000);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const { entries } = activity;
  const shown = useMemo(() => entries.filter((entry) => matchesActivity(entry, filter, text)), [entries, filter, text]);
  const items = useMemo(() => activityItems(shown, now), [shown, now]);
  const toggle = (id: number) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <div className="acts">
      <VirtualList
        label="What happened, newest first"
        items={items}
        keyOf={({ key }) => key}
        estimateRem={(item) => (item.kind === 'day' ? 2.25 : 2)}
        onEnd={activity.more}
        render={(item) => <Item item={item} open={open} onToggle={toggle} />}
      />
      <End activity={activity} shown={shown.length} oldest={entries.at(-1)} onForget={onForget} />
    </div>
  );
}

function Item({
  item,
  open,
  onToggle,
}: {
  item: ActivityItem;
  open: ReadonlySet<number>;
  onToggle: (id: number) => void;
}) {
  if (item.kind === 'day') {
    return (
      <h2 className="act-day">
        {item.label}
        <span>{item.count === 1 ? '1 entry' : `${formatNumber(item.count)} entries`}</span>
      </h2>
    );
  }
  const { entry } = item;
  return <ActivityRow entry={entry} isOpen={open.has(entry.id)} onToggle={() => onToggle(entry.id)} />;
}

interface EndProps {
  readonly activity: EntriesProps['activity'];
  readonly shown: number;
  readonly oldest: Activity | undefined;
  readonly onForget: () => void;
}

/** Below the list: what is on its way, what went wrong with it, or that this was all. */
function End({ activity, shown, oldest, onForget }: EndProps) {
  if (activity.isFetchNextPageError)
    return <ErrorState error={activity.error} onRetry={() => void activity.fetchNextPage()} />;
  if (activity.hasNextPage || activity.isFetchingNextPage) return <Loading label="Reading older entries" />;
  if (shown > 0)
    return <p className="act-end">That is all, back to {oldest === undefined ? '' : formatExact(oldest.at)}.</p>;
  return (
    <EmptyState
      title="Nothing fits the filter"
      action={
        <Button size="small" onClick={onForget}>
          Show everything
        </Button>
      }
    />
  );
}
