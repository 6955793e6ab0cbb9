import { useId } from 'react';
import { formatNumber } from '../../shared/format.ts';
import type { DatabaseView, ShownSnapshot, TableView } from '../../shared/protocol/snapshot-views.ts';
import { Size } from '../components/size.tsx';
import { formatMoment } from '../format/time.ts';
import { momentOfId } from './moment-of-id.ts';

/** The tables of one database: rows then, against the snapshot before, and what came since. */
export function DatabaseTable({ database, snapshot }: { database: DatabaseView; snapshot: ShownSnapshot }) {
  const { path, isBrain, bytes, tables } = database;
  const id = useId();
  const then = formatMoment(snapshot.createdAt, Date.now());
  return (
    <section className="database" aria-labelledby={id}>
      <div className="database-head">
        <h2 id={id} className="head">
          {isBrain ? 'Brain' : path}
        </h2>
        <p>
          <Size bytes={bytes} as="brain" /> · {healthWords(database)}
        </p>
      </div>
      {tables.length === 0 ? (
        <p className="sheet-note">It has no tables.</p>
      ) : (
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col">Rows at {then}</th>
              {snapshot.previous === null ? null : <th scope="col">Since {momentOfId(snapshot.previous)}</th>}
              <th scope="col">Made since {then}</th>
            </tr>
          </thead>
          <tbody>
            {tables.map((table) => (
              <TableLine key={table.name} table={table} hasPrevious={snapshot.previous !== null} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function TableLine({ table, hasPrevious }: { table: TableView; hasPrevious: boolean }) {
  return (
    <tr>
      <th scope="row">{table.name}</th>
      <td>{formatNumber(table.rows)}</td>
      {hasPrevious ? <td className="grid-soft">{signed(table.sincePrevious)}</td> : null}
      <td>{signed(table.madeSince)}</td>
    </tr>
  );
}

function healthWords({ integrity, foreignKeyViolations }: DatabaseView): string {
  if (integrity !== 'ok') return `damaged: ${integrity}`;
  if (foreignKeyViolations > 0)
    return `intact; ${formatNumber(foreignKeyViolations)} rows refer to rows that are not there`;
  return 'intact';
}

/** `+96`, `−3`; a dash for nothing and for what nobody can tell. */
function signed(count: number | null): string {
  if (count === null || count === 0) return '–';
  return `${count > 0 ? '+' : '−'}${formatNumber(Math.abs(count))}`;
}
