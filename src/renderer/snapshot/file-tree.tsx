import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight, File, FileSymlink, Folder } from 'lucide-react';
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { formatCount, formatNumber } from '../../shared/format.ts';
import type { TreeEntry } from '../../shared/protocol/snapshot-views.ts';
import { useSizes } from '../components/size.tsx';
import { StateMark } from '../icons/state-mark.tsx';
import './file-tree.css';
import { moveInTree, type TreeRow } from './flatten-tree.ts';

export interface FileTreeProps {
  /** Name for screen readers. */
  readonly label: string;
  readonly rows: readonly TreeRow[];
  readonly selected?: string | undefined;
  /** Paths with a tick; the tree has boxes where this is given. */
  readonly checked?: ReadonlySet<string>;
  /** A click, or Enter. In a tree with boxes: ticks. */
  readonly onChoose: (entry: TreeEntry) => void;
  readonly onToggle: (path: string) => void;
  readonly onMore: (folder: string) => void;
  readonly onRetry: (folder: string) => void;
  /** Lines show the folder they are in: what a filter has found. */
  readonly isFlat?: boolean;
}

/** Files as a tree of any length. One stop for the keyboard; arrows move in it, right and left open and close. */
export function FileTree(props: FileTreeProps) {
  const { rows, label, selected } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [activeKey, setActiveKey] = useState<string>();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: rowPixels,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  });
  const active = Math.max(
    0,
    rows.findIndex(({ key }) => key === (activeKey ?? selected)),
  );
  // What was asked for by the address comes into sight once its folders are there.
  const isThere = selected !== undefined && rows.some(({ key }) => key === selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it appears; the list must not jump while one scrolls
  useLayoutEffect(() => {
    if (isThere) virtualizer.scrollToIndex(rows.findIndex(({ key }) => key === selected));
  }, [isThere]);
  const press = (event: KeyboardEvent) => {
    const next = pressKey(event.key, active, props);
    if (next === undefined) return;
    event.preventDefault();
    setActiveKey(rows[next]?.key);
    virtualizer.scrollToIndex(next);
  };
  return (
    <div
      ref={scroller}
      className="tree"
      role="tree"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={rows.length === 0 ? undefined : `${id}-${active}`}
      aria-multiselectable={props.checked === undefined ? undefined : true}
      onKeyDown={press}
    >
      <div className="tree-rows" role="none" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <TreeLine
              key={key}
              id={`${id}-${index}`}
              row={row}
              start={start}
              isActive={index === active}
              onActive={() => setActiveKey(row.key)}
              tree={props}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Where the key leads; undefined where it means nothing here. */
function pressKey(key: string, index: number, { rows, checked, onToggle, onChoose, onMore, onRetry }: FileTreeProps) {
  const row = rows[index];
  if (row === undefined) return undefined;
  if (row.kind === 'entry' && row.entry.kind === 'folder') {
    if (key === (row.isOpen ? 'ArrowLeft' : 'ArrowRight')) {
      onToggle(row.entry.path);
      return index;
    }
  }
  if (key !== 'Enter' && key !== ' ') return moveInTree(rows, index, key);
  if (row.kind === 'more') onMore(row.folder);
  else if (row.kind === 'error') onRetry(row.folder);
  else if (row.kind === 'entry') {
    if (row.entry.kind === 'folder' && checked === undefined && key === 'Enter') onToggle(row.entry.path);
    onChoose(row.entry);
  }
  return index;
}

interface TreeLineProps {
  readonly id: string;
  readonly row: TreeRow;
  readonly start: number;
  readonly isActive: boolean;
  readonly onActive: () => void;
  readonly tree: FileTreeProps;
}

/** The tree itself has the focus; a line only says that it is the one meant. */
function TreeLine({ id, row, start, isActive, onActive, tree }: TreeLineProps) {
  const { selected, checked } = tree;
  const isSelected = row.kind === 'entry' && (checked?.has(row.key) ?? row.key === selected);
  const click = () => {
    onActive();
    if (row.kind === 'more') tree.onMore(row.folder);
    if (row.kind === 'error') tree.onRetry(row.folder);
    if (row.kind !== 'entry') return;
    if (row.entry.kind === 'folder' && checked === undefined) tree.onToggle(row.entry.path);
    tree.onChoose(row.entry);
  };
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant of the tree
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
    <div
      id={id}
      role="treeitem"
      className={`tree-line ${isSelected ? 'tree-selected' : ''} ${isActive ? 'tree-active' : ''}`}
      style={{ transform: `translateY(${start}px)`, paddingInlineStart: `${(row.depth - 1) * 0.875 + 0.25}rem` }}
      aria-level={row.depth}
      aria-selected={isSelected}
      aria-expanded={row.kind === 'entry' && row.entry.kind === 'folder' ? row.isOpen : undefined}
      onClick={click}
    >
      {row.kind === 'entry' ? <EntryLine row={row} tree={tree} isSelected={isSelected} /> : <OtherLine row={row} />}
    </div>
  );
}

function EntryLine({
  row,
  tree,
  isSelected,
}: {
  row: TreeRow & { kind: 'entry' };
  tree: FileTreeProps;
  isSelected: boolean;
}) {
  const { entry, isOpen } = row;
  const sizes = useSizes();
  const toggle = (event: React.MouseEvent) => {
    event.stopPropagation();
    tree.onToggle(entry.path);
  };
  return (
    <>
      {tree.isFlat === true ? null : (
        <span className="tree-twist" onClick={entry.kind === 'folder' ? toggle : undefined} aria-hidden="true">
          {entry.kind === 'folder' ? <ChevronRight className={isOpen ? 'tree-open' : ''} /> : null}
        </span>
      )}
      {tree.checked === undefined ? null : (
        <input
          className="check-box check-checkbox"
          type="checkbox"
          checked={isSelected}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
      )}
      <Glyph kind={entry.kind} />
      <span
        className="tree-name cut"
        title={entry.target === undefined ? entry.path : `${entry.path} → ${entry.target}`}
      >
        {entry.name}
        {tree.isFlat === true && entry.path !== entry.name ? (
          <span className="tree-where"> {entry.path.slice(0, -entry.name.length - 1)}</span>
        ) : null}
      </span>
      <span className="tree-size" title={entry.kind === 'folder' ? formatCount(entry.files, 'file') : undefined}>
        {entry.kind === 'link' ? 'link' : sizes.bytes(entry.bytes)}
      </span>
    </>
  );
}

function Glyph({ kind }: { kind: TreeEntry['kind'] }) {
  if (kind === 'folder') return <Folder aria-hidden />;
  return kind === 'link' ? <FileSymlink aria-hidden /> : <File aria-hidden />;
}

function OtherLine({ row }: { row: Exclude<TreeRow, { kind: 'entry' }> }) {
  if (row.kind === 'loading') {
    return (
      <>
        <StateMark mark="running" />
        <span className="soft">Loading…</span>
      </>
    );
  }
  if (row.kind === 'more') return <span className="tree-link">Show more ({formatNumber(row.left)} are left)</span>;
  return (
    <>
      <StateMark mark="failed" />
      <span className="cut" title={row.error.message}>
        {row.error.message} <span className="tree-link">Try again</span>
      </span>
    </>
  );
}

/** As high as the style sheet makes a line, which grows with the text. */
function rowPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.5;
}
