const longestMs = 30 * 60_000;

/** How long to wait after so many failures in a row: 1, 2, 4 … 30 minutes. */
export function backOffMs(count: number): number {
  return Math.min(longestMs, 60_000 * 2 ** Math.min(count - 1, 10));
}
