import type { MemoryRow } from '../../shared/protocol/snapshot-views.ts';
import type { SearchHit } from '../../shared/results.ts';
import { useCall } from '../client/use-call.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { formatExact, formatMoment } from '../format/time.ts';
import { markHits, memoryWords, tableWord } from './memory-words.ts';
import type { Place } from './place-of.ts';

const mostRows = 100;

/** The newest rows of the Brain, or of one table; each opens to all that it holds. */
export function NewestMemories({ id, place }: { id: string; place: Place | undefined }) {
  const newest = useCall('newestMemories', { id, limit: mostRows, ...place });
  if (newest.error !== null) return <ErrorState error={newest.error} onRetry={() => void newest.refetch()} />;
  if (newest.data === undefined) return <Loading label="Reading the memories" />;
  if (newest.data.length === 0) {
    return place === undefined ? (
      <EmptyState title="No table says when its rows were made.">Choose a table to see its newest rows.</EmptyState>
    ) : (
      <EmptyState title="This table is empty." />
    );
  }
  return (
    <>
      <ul aria-label="Newest memories">
        {newest.data.map((row) => (
          <li key={`${row.database} ${row.table} ${row.rowid}`}>
            <Memory row={row} />
          </li>
        ))}
      </ul>
      {newest.data.length === mostRows ? (
        <p className="sheet-note">The newest {mostRows}. Search to find older ones.</p>
      ) : null}
    </>
  );
}

function Memory({ row }: { row: MemoryRow }) {
  const { text, kind } = memoryWords(row);
  return (
    <details className="memory">
      <summary>
        <When iso={row.createdAt} />
        <span className="memory-kind cut" title={kind}>
          {kind === row.table ? tableWord(kind) : kind}
        </span>
        <span className="memory-text cut" title={text}>
          {text === '' ? '–' : text}
        </span>
      </summary>
      <dl className="memory-values">
        <dt>table</dt>
        <dd>{row.table}</dd>
        {Object.entries(row.values).map(([name, value]) => (
          <Value key={name} name={name} value={value} />
        ))}
      </dl>
    </details>
  );
}

function Value({ name, value }: { name: string; value: string | number | null }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value === null ? '–' : String(value)}</dd>
    </>
  );
}

function When({ iso }: { iso: string | null }) {
  if (iso === null) return <span className="memory-when">–</span>;
  return (
    <time className="memory-when cut" dateTime={iso} title={formatExact(iso)}>
      {formatMoment(iso, Date.now())}
    </time>
  );
}

/** Where a text stands in the databases of a snapshot. */
export function FoundMemories({ id, text }: { id: string; text: string }) {
  const found = useCall('search', { id, text, limit: mostRows }, { keepPrevious: true });
  if (found.error !== null) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading label="Searching" />;
  const { hits, truncated } = found.data;
  return (
    <>
      <p className="sheet-note" role="status">
        {truncated
          ? `The first ${hits.length}; there are more.`
          : hits.length === 0
            ? 'No memory holds this text.'
            : ''}
      </p>
      <ul aria-label="Found memories" aria-busy={found.isPlaceholderData}>
        {hits.map((hit) => (
          <li key={`${hit.database} ${hit.table} ${hit.rowid} ${hit.column}`}>
            <Hit hit={hit} text={text} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Hit({ hit, text }: { hit: SearchHit; text: string }) {
  return (
    <details className="memory">
      <summary>
        <When iso={hit.createdAt} />
        <span className="memory-kind cut" title={hit.table}>
          {tableWord(hit.table)}
        </span>
        <span className="memory-text cut">
          {markHits(hit.snippet, text).map((part, index) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have nothing else to tell them apart
            part.isHit ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>,
          )}
        </span>
      </summary>
      <dl className="memory-values">
        <dt>where</dt>
        <dd>
          {hit.table}.{hit.column}, row {hit.rowid}, {hit.database}
        </dd>
        <dt>{hit.column}</dt>
        <dd>{hit.snippet}</dd>
      </dl>
    </details>
  );
}
