import { useSyncExternalStore } from 'react';

interface Ticker {
  now(): number;
  /** The same function for as long as the page lives: React subscribes anew whenever it is given another. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** One timer for all elements that show the same precision. */
const tickers = new Map<number, Ticker>();

/** The time in milliseconds, renewed at this interval. */
export function useNow(intervalMs: number): number {
  const ticker = findTicker(intervalMs);
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}

function findTicker(intervalMs: number): Ticker {
  const known = tickers.get(intervalMs);
  if (known !== undefined) return known;
  const ticker = createTicker(intervalMs);
  tickers.set(intervalMs, ticker);
  return ticker;
}

function createTicker(intervalMs: number): Ticker {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => now,
    subscribe: (listener) => {
      if (listeners.size === 0) {
        // It stood still while nobody looked.
        now = Date.now();
        timer = setInterval(tick, intervalMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
}
