import { Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import type { ShownSnapshot, TreeEntry } from '../../shared/protocol/snapshot-views.ts';
import { links } from '../app/routes.ts';
import { navigate } from '../app/use-route.ts';
import { useWide } from '../app/use-wide.ts';
import { useCall } from '../client/use-call.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Field } from '../components/field.tsx';
import { Loading } from '../components/loading.tsx';
import './contents-tab.css';
import { FilePane } from './file-pane.tsx';
import { FileTree } from './file-tree.tsx';
import type { TreeRow } from './flatten-tree.ts';
import { useTree } from './use-tree.ts';

const mostFound = 500;
const nothing = () => undefined;

export interface ContentsTabProps {
  readonly snapshot: ShownSnapshot;
  /** The chosen file or folder, of the address. */
  readonly path: string | undefined;
  /** With what it is compared: `now`, another snapshot, or nothing. */
  readonly against: string | undefined;
}

/** The files of a snapshot: the tree, or what a filter has found, and beside it what is chosen. */
export function ContentsTab({ snapshot, path, against }: ContentsTabProps) {
  const wide = useWide();
  const tree = useTree(snapshot.id, path);
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query.trim());
  const choose = (entry: TreeEntry) => {
    navigate(links.snapshot(snapshot.id, 'contents', { path: entry.path, ...(against === 'now' ? { against } : {}) }));
  };
  // In a narrow panel a folder only opens: the pane would cover the tree.
  const chooseNarrow = (entry: TreeEntry) => (entry.kind === 'folder' ? undefined : choose(entry));
  if (snapshot.code === null) {
    return (
      <EmptyState title="This snapshot holds no code.">
        Its Brain and databases are there: look at Brain. Why the code is missing is told in Checks.
      </EmptyState>
    );
  }
  const [first] = tree.rows;
  if (first?.kind === 'error' && tree.rows.length === 1) {
    return <ErrorState error={first.error} onRetry={() => tree.retry('')} fill />;
  }
  const showsPane = path !== undefined;
  return (
    <div className={wide ? 'contents contents-wide' : 'contents'}>
      {wide || !showsPane ? (
        <div className="contents-tree">
          <div className="contents-filter">
            <Field
              label="Filter files"
              hideLabel
              type="search"
              icon={<Search aria-hidden />}
              placeholder={`Filter ${formatNumber(snapshot.code.files)} files`}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          </div>
          {wanted === '' ? (
            <FileTree
              label="Files in this snapshot"
              rows={tree.rows}
              selected={path}
              onChoose={wide ? choose : chooseNarrow}
              onToggle={tree.toggle}
              onMore={tree.loadMore}
              onRetry={tree.retry}
            />
          ) : (
            <FoundFiles id={snapshot.id} query={wanted} selected={path} onChoose={choose} />
          )}
        </div>
      ) : null}
      {showsPane ? <FilePane key={path} snapshot={snapshot} path={path} against={against} /> : null}
      {wide && !showsPane ? (
        <EmptyState title="Nothing is chosen">
          Choose a file to read it, to compare it with now, or to restore it.
        </EmptyState>
      ) : null}
    </div>
  );
}

export interface FoundFilesProps {
  readonly id: string;
  readonly query: string;
  readonly selected?: string | undefined;
  readonly checked?: ReadonlySet<string>;
  readonly onChoose: (entry: TreeEntry) => void;
}

/** What the engine finds for the words of a filter, best first. */
export function FoundFiles({ id, query, selected, checked, onChoose }: FoundFilesProps) {
  const found = useCall('findFiles', { id, query, limit: mostFound }, { keepPrevious: true });
  const rows = useMemo(
    () =>
      (found.data?.entries ?? []).map(
        (entry): TreeRow => ({ kind: 'entry', key: entry.path, depth: 1, entry, isOpen: false }),
      ),
    [found.data],
  );
  if (found.error !== null) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading label="Looking through the files" />;
  const { total } = found.data;
  return (
    <>
      <p className="contents-found" role="status">
        {foundWords(total, rows.length)}
      </p>
      {total === 0 ? null : (
        <FileTree
          label="Files found"
          rows={rows}
          selected={selected}
          {...(checked === undefined ? {} : { checked })}
          onChoose={onChoose}
          onToggle={nothing}
          onMore={nothing}
          onRetry={nothing}
          isFlat
        />
      )}
    </>
  );
}

function foundWords(total: number, shown: number): string {
  if (total === 0) return 'No file has these words in its path.';
  if (total > shown)
    return `${formatNumber(total)} files, the first ${formatNumber(shown)} of them. Add a word to see fewer.`;
  return total === 1 ? '1 file' : `${formatNumber(total)} files`;
}
