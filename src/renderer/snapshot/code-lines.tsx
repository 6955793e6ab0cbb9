import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import './code-lines.css';
import type { CodeRow } from './code-rows.ts';

const signs = { same: '', added: '+', removed: '−' } as const;
const names = { same: '', added: 'added: ', removed: 'removed: ' } as const;
const rowRem = 1.25;

/** Lines of a text or of a comparison, of any number; only those in sight are in the page. */
export function CodeLines({ rows, label, isDiff }: { rows: readonly CodeRow[]; label: string; isDiff: boolean }) {
  const scroller = useRef<HTMLElement>(null);
  const widest = useMemo(() => Math.max(0, ...rows.map(lengthOf)), [rows]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * rowRem,
    overscan: 20,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section ref={scroller} className={isDiff ? 'lines lines-diff' : 'lines'} tabIndex={0} aria-label={label}>
      <div className="lines-rows" style={{ height: virtualizer.getTotalSize(), minWidth: `calc(${widest}ch + 8rem)` }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index];
          return row === undefined ? null : <Line key={key} row={row} start={start} isDiff={isDiff} />;
        })}
      </div>
    </section>
  );
}

function Line({ row, start, isDiff }: { row: CodeRow; start: number; isDiff: boolean }) {
  const style = { transform: `translateY(${start}px)` };
  if (row.kind === 'fold') {
    return (
      <div className="line line-fold" style={style}>
        <span>{row.text}</span>
      </div>
    );
  }
  return (
    <div className={`line line-${row.kind}`} style={style}>
      <span className="line-number">{row.before}</span>
      {isDiff ? <span className="line-number">{row.after}</span> : null}
      {isDiff ? (
        <span className="line-sign" aria-hidden="true">
          {signs[row.kind]}
        </span>
      ) : null}
      <code>
        {names[row.kind] === '' ? null : <span className="unseen">{names[row.kind]}</span>}
        {row.parts.map(({ text, isMarked }, index) => {
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line have nothing else to tell them apart
          return isMarked ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>;
        })}
      </code>
    </div>
  );
}

/** In characters, a tab as eight, and what is wider than a letter as two. */
function lengthOf(row: CodeRow): number {
  if (row.kind === 'fold') return row.text.length;
  let length = 0;
  for (const { text } of row.parts) {
    length += text.length;
    for (const character of text) length += character === '\t' ? 7 : character > '\u1100' ? 1 : 0;
  }
  return length;
}
