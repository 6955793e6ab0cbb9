import { useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import type { ServiceDiff, ShownDiff, ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import type { CodeChange, DatabaseChange } from '../../shared/results.ts';
import { links } from '../app/routes.ts';
import { navigate } from '../app/use-route.ts';
import { useCall } from '../client/use-call.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { Segments } from '../components/segments.tsx';
import { Size } from '../components/size.tsx';
import { formatMoment } from '../format/time.ts';
import { AgainstSelect } from './against-select.tsx';
import './changes-tab.css';
import { diffWords, orderDiff, tableWords } from './diff-words.ts';
import { momentOfId } from './moment-of-id.ts';

/** What changed between this snapshot and now, the one before it, or any other. */
export function ChangesTab({ snapshot, against = 'now' }: { snapshot: ShownSnapshot; against: string | undefined }) {
  const { id, previous } = snapshot;
  const order = orderDiff(id, against);
  const diff = useCall('diff', order);
  const choose = (other: string) => navigate(links.snapshot(id, 'changes', { against: other }));
  const segments = [
    ...(previous === null ? [] : [{ value: previous, label: 'Before' }]),
    { value: 'now', label: 'Now' },
    ...(against === 'now' || against === previous ? [] : [{ value: against, label: momentOfId(against) }]),
  ];
  return (
    <div className="sheet" data-scroll>
      <div className="changes-head">
        <p className="changes-words" role="status">
          {diff.data === undefined ? 'Comparing' : <Sentence diff={diff.data} snapshot={snapshot} against={against} />}
        </p>
        <div className="changes-tools">
          <Segments label="Compare with" segments={segments} value={against} onChange={choose} />
          <AgainstSelect id={id} onChoose={choose} />
        </div>
      </div>
      {diff.data !== undefined ? (
        <Changes diff={diff.data} snapshot={snapshot} against={against} />
      ) : diff.error === null ? (
        <Loading label="Comparing every file" />
      ) : (
        <ErrorState error={diff.error} onRetry={() => void diff.refetch()} />
      )}
    </div>
  );
}

function Sentence({ diff, snapshot, against }: { diff: ShownDiff; snapshot: ShownSnapshot; against: string }) {
  const then = formatMoment(snapshot.createdAt, Date.now());
  const other = against === 'now' ? 'now' : momentOfId(against);
  const span = against === 'now' ? `Since ${then}` : `From ${momentOfId(diff.from)} to ${momentOfId(diff.to)}`;
  const [first, second] = diffWords(diff);
  if (first === undefined)
    return <>{against === 'now' ? `Everything is as it was at ${then}.` : `${then} and ${other} are the same.`}</>;
  return (
    <>
      {span}, <b>{first}</b>
      {second === undefined ? null : (
        <>
          {' '}
          and <b>{second}</b>
        </>
      )}{' '}
      came, changed or went.
    </>
  );
}

function Changes({ diff, snapshot, against }: { diff: ShownDiff; snapshot: ShownSnapshot; against: string }) {
  const { id, brain } = snapshot;
  const databases = diff.databases.filter(({ change }) => change !== 'same');
  const files = diff.totals.added + diff.totals.changed + diff.totals.removed;
  if (databases.length === 0 && files === 0) {
    return <EmptyState title="Nothing changed">Neither a file nor a database.</EmptyState>;
  }
  return (
    <>
      {files === 0 ? (
        <p className="sheet-note">The code is the same.</p>
      ) : (
        <section aria-label="Code">
          <div className="change-line change-names" aria-hidden="true">
            <span>Folder</span>
            <span>Added</span>
            <span>Changed</span>
            <span>Removed</span>
          </div>
          {diff.services.map((service) => (
            <Service key={service.folder} service={service} diff={diff} id={id} against={against} />
          ))}
          {diff.code.length < files ? (
            <p className="sheet-note">
              {formatNumber(files)} files differ; of them the first {formatNumber(diff.code.length)} can be opened here.
            </p>
          ) : null}
        </section>
      )}
      {databases.map((database) => (
        <Database key={database.path} database={database} isBrain={database.path === brain?.path} />
      ))}
    </>
  );
}

interface ServiceProps {
  readonly service: ServiceDiff;
  readonly diff: ShownDiff;
  readonly id: string;
  readonly against: string;
}

function Service({ service, diff, id, against }: ServiceProps) {
  const [isOpen, setOpen] = useState(false);
  const { folder, added, changed, removed } = service;
  const name = folder === '' ? 'Files in the root' : folder;
  return (
    <details className="change" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="change-line">
        <b>{name}</b>
        <Count count={added} what="added" />
        <Count count={changed} what="changed" />
        <Count count={removed} what="removed" />
      </summary>
      {isOpen ? <Files folder={folder} diff={diff} id={id} against={against} /> : null}
    </details>
  );
}

const signs = { added: '+', changed: '~', removed: '−' } as const;

function Files({ folder, diff, id, against }: Omit<ServiceProps, 'service'> & { folder: string }) {
  const files = diff.code.filter(({ path }) => isOf(path, folder, diff.services));
  if (files.length === 0) return <p className="sheet-note">Its files are not among those that are shown.</p>;
  return (
    <ul className="change-files">
      {files.map(({ path, change, bytesBefore, bytesAfter }) => (
        <li key={path}>
          <span className={`change-sign change-${change}`} aria-hidden="true">
            {signs[change]}
          </span>
          <span className="unseen">{change}:</span>
          <ChangedFile path={path} change={change} folder={folder} diff={diff} id={id} against={against} />
          <span className="change-size">
            {change === 'added' ? <Size bytes={bytesAfter} /> : null}
            {change === 'removed' ? <Size bytes={bytesBefore} /> : null}
            {change === 'changed' ? <Size bytes={bytesAfter - bytesBefore} as="delta" /> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Leads to the comparison of the file, in the snapshot that has it. */
function ChangedFile({
  path,
  change,
  folder,
  diff,
  id,
  against,
}: Omit<ServiceProps, 'service'> & Pick<CodeChange, 'path' | 'change'> & { folder: string }) {
  const name = folder === '' ? path : path.slice(folder.length + 1);
  const holder = change === 'added' ? diff.to : diff.from;
  if (holder === 'now') {
    return (
      <span className="cut" title={path}>
        {name}
      </span>
    );
  }
  const other = holder === id ? against : id;
  const query = change === 'changed' || other === 'now' ? { path, against: other } : { path };
  return (
    <a className="cut" title={path} href={links.snapshot(holder, 'contents', query)}>
      {name}
    </a>
  );
}

/** A path belongs to the deepest folder that is named: `packages/x` before `packages`. */
function isOf(path: string, folder: string, services: readonly ServiceDiff[]): boolean {
  const owners = services.map((service) => service.folder).filter((name) => name !== '' && path.startsWith(`${name}/`));
  return (owners.sort((a, b) => b.length - a.length)[0] ?? '') === folder;
}

function Database({ database, isBrain }: { database: DatabaseChange; isBrain: boolean }) {
  const { path, change, bytesBefore, bytesAfter, tables } = database;
  const told = tables.filter((table) => table.change !== 'kept' || tableWords(table) !== '–');
  return (
    <section aria-label={path}>
      <div className="database-head changes-database">
        <h2 className="head" title={path}>
          {isBrain ? 'Brain' : path}
        </h2>
        <p>
          {change === 'changed' ? <Size bytes={bytesAfter - bytesBefore} as="delta" /> : change}
          {told.length === 0 && change === 'changed' ? ' · no row came or went that can be told' : ''}
        </p>
      </div>
      {told.length === 0 ? null : (
        <ul>
          {told.map((table) => (
            <li key={table.name} className="change-table">
              <b>{table.name}</b>
              <span>{tableWords(table)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The column's name is not read with its number. */
function Count({ count, what }: { count: number; what: string }) {
  return (
    <span>
      {dash(count)}
      <span className="unseen"> {what}</span>
    </span>
  );
}

const dash = (count: number): string => (count === 0 ? '–' : formatNumber(count));
