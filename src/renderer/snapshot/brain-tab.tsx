import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import type { DatabaseView, ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import { useCall } from '../client/use-call.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Field, SelectField } from '../components/field.tsx';
import { Loading } from '../components/loading.tsx';
import { formatClock } from '../format/time.ts';
import './brain-tab.css';
import { DatabaseTable } from './database-table.tsx';
import { FoundMemories, NewestMemories } from './memories.tsx';
import { parsePlace, placeText } from './place-of.ts';

/** What the databases of a snapshot hold: their tables, the newest memories, and a search through all of them. */
export function BrainTab({ snapshot }: { snapshot: ShownSnapshot }) {
  const databases = useCall('databases', { id: snapshot.id });
  if (databases.data === undefined) {
    return (
      <div className="sheet">
        {databases.error === null ? (
          <Loading label="Opening the Brain" />
        ) : (
          <ErrorState error={databases.error} onRetry={() => void databases.refetch()} />
        )}
      </div>
    );
  }
  if (databases.data.length === 0) {
    return (
      <EmptyState title="This snapshot holds no Brain and no database.">What it does hold is in Contents.</EmptyState>
    );
  }
  return (
    <div className="sheet" data-scroll>
      {databases.data.map((database) => (
        <DatabaseTable key={database.path} database={database} snapshot={snapshot} />
      ))}
      <Memories snapshot={snapshot} databases={databases.data} />
    </div>
  );
}

function Memories({ snapshot, databases }: { snapshot: ShownSnapshot; databases: readonly DatabaseView[] }) {
  const [text, setText] = useState('');
  const [place, setPlace] = useState('');
  const wanted = useDeferredValue(text.trim());
  const total = databases.flatMap(({ tables }) => tables).reduce((sum, { rows }) => sum + rows, 0);
  return (
    <section aria-labelledby="memories">
      <div className="sheet-head">
        <h2 id="memories" className="head">
          {wanted === '' ? 'Newest memories' : 'Found memories'}{' '}
          <span className="memories-when">{wanted === '' ? `before ${formatClock(snapshot.createdAt)}` : ''}</span>
        </h2>
        <div className="memories-tools">
          {wanted === '' ? (
            <SelectField label="Table" hideLabel value={place} onChange={(event) => setPlace(event.target.value)}>
              <option value="">All tables of the Brain</option>
              {databases.flatMap(({ path, isBrain, tables }) =>
                tables.map(({ name }) => (
                  <option key={`${path} ${name}`} value={placeText({ database: path, table: name })}>
                    {isBrain ? name : `${path}: ${name}`}
                  </option>
                )),
              )}
            </SelectField>
          ) : null}
          <Field
            label="Search the memories"
            hideLabel
            type="search"
            icon={<Search aria-hidden />}
            placeholder={`Search ${formatNumber(total)} rows`}
            maxLength={1000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      </div>
      {wanted === '' ? (
        <NewestMemories id={snapshot.id} place={parsePlace(place)} />
      ) : (
        <FoundMemories id={snapshot.id} text={wanted} />
      )}
    </section>
  );
}
