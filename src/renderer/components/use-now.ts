import { useSyncExternalStore } from 'react';

interface Ticker {
  now: number;
  readonly listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | undefined;
}

/** One timer for all elements that show the same precision. */
const tickers = new Map<number, Ticker>();

/** The time in milliseconds, renewed at this interval. */
export function useNow(intervalMs: number): number {
  const ticker = findTicker(intervalMs);
  return useSyncExternalStore(
    (listener) => subscribe(ticker, intervalMs, listener),
    () => ticker.now,
  );
}

function findTicker(intervalMs: number): Ticker {
  const known = tickers.get(intervalMs);
  if (known !== undefined) return known;
  const ticker: Ticker = { now: Date.now(), listeners: new Set(), timer: undefined };
  tickers.set(intervalMs, ticker);
  return ticker;
}

function subscribe(ticker: Ticker, intervalMs: number, listener: () => void): () => void {
  if (ticker.listeners.size === 0) {
    ticker.now = Date.now();
    ticker.timer = setInterval(() => tick(ticker), intervalMs);
  }
  ticker.listeners.add(listener);
  return () => {
    ticker.listeners.delete(listener);
    if (ticker.listeners.size === 0) clearInterval(ticker.timer);
  };
}

function tick(ticker: Ticker): void {
  ticker.now = Date.now();
  for (const listener of ticker.listeners) listener();
}
