import { createContext, startTransition, useContext, useEffect, useState } from 'react';

/** Whether a list is scrolled just now, told without rendering all of its rows anew. */
export interface ScrollMotion {
  isScrolling(): boolean;
  /** Calls back once it stands still, which may be at once; until the answer is called. */
  onStill(listener: () => void): () => void;
  set(isScrolling: boolean): void;
}

export function createScrollMotion(): ScrollMotion {
  const listeners = new Set<() => void>();
  let isScrolling = false;
  return {
    isScrolling: () => isScrolling,
    onStill: (listener) => {
      if (isScrolling) listeners.add(listener);
      else listener();
      return () => listeners.delete(listener);
    },
    set: (next) => {
      isScrolling = next;
      if (next) return;
      for (const listener of [...listeners]) {
        listeners.delete(listener);
        listener();
      }
    },
  };
}

export const ScrollMotionContext = createContext<ScrollMotion | null>(null);

/**
 * False for what came into sight while its list is scrolled, until that stands still: time for what is dear to make and
 * nobody can use on the way. It then comes in pieces that leave the page time for other things.
 */
export function useStill(): boolean {
  const motion = useContext(ScrollMotionContext);
  const [isStill, setStill] = useState(() => motion === null || !motion.isScrolling());
  useEffect(() => {
    if (isStill || motion === null) return;
    return motion.onStill(() => startTransition(() => setStill(true)));
  }, [motion, isStill]);
  return isStill;
}
