import { ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import { links } from '../app/routes.ts';
import { Size } from '../components/size.tsx';
import { useNow } from '../components/use-now.ts';
import { VirtualList } from '../components/virtual-list.tsx';
import { formatClock, formatExact } from '../format/time.ts';
import { TriggerGlyph } from '../icons/trigger-glyph.tsx';
import './fate-list.css';
import { type Fate, type FateItem, fateItems, firstDayThatGoes } from './fates.ts';

/** Every snapshot by day: what becomes of it, and why. */
export function FateList({ fates }: { fates: readonly Fate[] }) {
  const now = useNow(60_000);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const first = firstDayThatGoes(fates);
  const open = useMemo(() => {
    const keys = new Set(first === undefined ? [] : [first]);
    for (const [key, isOpen] of toggled) {
      if (isOpen) keys.add(key);
      else keys.delete(key);
    }
    return keys;
  }, [first, toggled]);
  const items = useMemo(() => fateItems(fates, open, now), [fates, open, now]);
  return (
    <section className="fates" aria-label="What stays and what goes">
      <div className="fates-head" aria-hidden="true">
        <span>When</span>
        <span>Why</span>
        <span>Frees</span>
      </div>
      <VirtualList
        label="Snapshots by day, newest first"
        items={items}
        keyOf={keyOf}
        estimateRem={() => 2.25}
        render={(item) =>
          item.kind === 'day' ? (
            <Day day={item} onToggle={() => setToggled(new Map(toggled).set(item.key, !item.isOpen))} />
          ) : (
            <FateRow fate={item.fate} />
          )
        }
      />
    </section>
  );
}

function Day({ day, onToggle }: { day: Extract<FateItem, { kind: 'day' }>; onToggle: () => void }) {
  const { label, stay, go, bytes, isOpen } = day;
  const counts = [
    stay === 0 ? '' : `${formatNumber(stay)} ${stay === 1 ? 'stays' : 'stay'}`,
    go === 0 ? '' : `${formatNumber(go)} ${go === 1 ? 'goes' : 'go'}`,
  ];
  return (
    <button type="button" className="fate-day" aria-expanded={isOpen} onClick={onToggle}>
      <ChevronRight aria-hidden />
      <span className="fate-when">{label}</span>
      <span className="fate-why">{counts.filter((count) => count !== '').join(', ')}</span>
      <span className="fate-frees">{go === 0 ? '' : <Size bytes={bytes} />}</span>
    </button>
  );
}

function FateRow({ fate: { row, stays, why, reason } }: { fate: Fate }) {
  return (
    <div className={stays ? 'fate' : 'fate fate-goes'}>
      <TriggerGlyph trigger={row.trigger} named />
      <a className="fate-when" href={links.snapshot(row.id)}>
        <time dateTime={row.createdAt} title={formatExact(row.createdAt)}>
          {formatClock(row.createdAt)}
        </time>
      </a>
      <span className="fate-end">
        <span className={stays ? 'square square-stay' : 'square square-go'} />
        {stays ? 'Stays' : 'Goes'}
      </span>
      <span className="fate-why cut" title={reason}>
        {why}
      </span>
      <span className="fate-frees">{stays ? '' : <Size bytes={row.diskBytes} />}</span>
    </div>
  );
}

function keyOf({ key }: FateItem): string {
  return key;
}
