import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createScrollMotion, ScrollMotionContext } from './scroll-motion.ts';
import './virtual-list.css';

export interface VirtualListProps<Item> {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** Height in rem; rows are measured once they are there. */
  readonly estimateRem: (item: Item) => number;
  readonly render: (item: Item, index: number) => ReactNode;
  /** Name for screen readers. */
  readonly label: string;
  /** Scrolls to this item when it changes. */
  readonly showKey?: string | undefined;
  /** Called when the last items come into sight: time for more. */
  readonly onEnd?: (() => void) | undefined;
}

/** A list of any length of which only what is in sight is in the page. Scrolls with the nearest `[data-scroll]` around it. */
export function VirtualList<Item>({
  items,
  keyOf,
  estimateRem,
  render,
  label,
  showKey,
  onEnd,
}: VirtualListProps<Item>) {
  const list = useRef<HTMLUListElement>(null);
  const { scroller, margin } = useScroller(list, items.length);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller,
    estimateSize: (index) => remPixels() * estimateOf(items[index], estimateRem),
    getItemKey: (index) => keyAt(items[index], keyOf, index),
    scrollMargin: margin,
    overscan: 8,
  });
  const [motion] = useState(createScrollMotion);
  const { isScrolling } = virtualizer;
  // Before the rows that come into sight are made; that it ended is told when they are there.
  if (isScrolling) motion.set(true);
  useEffect(() => motion.set(isScrolling), [motion, isScrolling]);
  // Only when another item is asked for: what comes and goes must not move the list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useLayoutEffect(() => {
    if (showKey === undefined) return;
    const index = items.findIndex((item) => keyOf(item) === showKey);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'center' });
  }, [showKey]);
  const rows = virtualizer.getVirtualItems();
  const isAtEnd = (rows.at(-1)?.index ?? 0) >= items.length - 1;
  // Again for every new length: what came may not have filled the view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useLayoutEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, items.length, onEnd]);
  return (
    <ScrollMotionContext value={motion}>
      <ul ref={list} className="virtual-list" aria-label={label} style={{ height: virtualizer.getTotalSize() }}>
        {rows.map(({ key, index, start }) => {
          const item = items[index];
          return item === undefined ? null : (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="virtual-item"
              style={{ transform: `translateY(${start - margin}px)` }}
              aria-setsize={items.length}
              aria-posinset={index + 1}
            >
              {render(item, index)}
            </li>
          );
        })}
      </ul>
    </ScrollMotionContext>
  );
}

/** The element that scrolls, and how far below its top the list begins. */
function useScroller(list: React.RefObject<HTMLElement | null>, count: number) {
  const [place, setPlace] = useState<{ scroller: HTMLElement | null; margin: number }>({ scroller: null, margin: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a list that was empty has to be found again
  useLayoutEffect(() => {
    const element = list.current;
    const scroller = element?.closest<HTMLElement>('[data-scroll]') ?? null;
    if (element === null || scroller === null) return;
    const measure = () => {
      const margin = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
      setPlace((old) => (old.scroller === scroller && Math.abs(old.margin - margin) < 1 ? old : { scroller, margin }));
    };
    measure();
    // What stands above the list may grow: a chart that loads, a callout that comes.
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    for (const child of scroller.children) observer.observe(child);
    return () => observer.disconnect();
  }, [list, count === 0]);
  return place;
}

function estimateOf<Item>(item: Item | undefined, estimateRem: (item: Item) => number): number {
  return item === undefined ? 2 : estimateRem(item);
}

function keyAt<Item>(item: Item | undefined, keyOf: (item: Item) => string, index: number): string | number {
  return item === undefined ? index : keyOf(item);
}

function remPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
