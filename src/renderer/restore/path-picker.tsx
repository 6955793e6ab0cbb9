import { Search, X } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { ShownSnapshot, TreeEntry } from '../../shared/protocol/snapshot-views.ts';
import { IconButton } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { FoundFiles } from '../snapshot/contents-tab.tsx';
import { FileTree } from '../snapshot/file-tree.tsx';
import { useTree } from '../snapshot/use-tree.ts';

export interface PathPickerProps {
  readonly snapshot: ShownSnapshot;
  readonly paths: readonly string[];
  readonly onChange: (paths: readonly string[]) => void;
}

/** Files and folders of a snapshot, to be ticked. */
export function PathPicker({ snapshot, paths, onChange }: PathPickerProps) {
  const [first] = useState(paths[0]);
  const tree = useTree(snapshot.id, first);
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query.trim());
  const checked = useMemo(() => new Set(paths), [paths]);
  const toggle = ({ path }: Pick<TreeEntry, 'path'>) =>
    onChange(checked.has(path) ? paths.filter((one) => one !== path) : [...paths, path]);
  return (
    <div className="picker">
      <div className="picker-filter">
        <Field
          label="Filter files"
          hideLabel
          type="search"
          icon={<Search aria-hidden />}
          placeholder="Filter files"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      {wanted === '' ? (
        <FileTree
          label="Files to restore"
          rows={tree.rows}
          selected={first}
          checked={checked}
          onChoose={toggle}
          onToggle={tree.toggle}
          onMore={tree.loadMore}
          onRetry={tree.retry}
        />
      ) : (
        <FoundFiles id={snapshot.id} query={wanted} checked={checked} onChoose={toggle} />
      )}
      <div className="picker-chosen" role="status">
        {paths.length === 0 ? <span className="picker-none">Nothing is chosen yet.</span> : null}
        {paths.map((path) => (
          <span key={path} className="picker-path">
            <span className="cut" title={path}>
              {path}
            </span>
            <IconButton label={`Leave out ${path}`} icon={<X aria-hidden />} onClick={() => toggle({ path })} />
          </span>
        ))}
      </div>
    </div>
  );
}
