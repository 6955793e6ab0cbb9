export interface RateLimitOptions {
  readonly now: () => number;
  /** So many at once, and then so many in a second. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Answers whether one more may come now. */
export function createRateLimit({ now, burst, perSecond }: RateLimitOptions): () => boolean {
  let left = burst;
  let lastMs = now();
  return () => {
    const nowMs = now();
    left = Math.min(burst, left + (Math.max(0, nowMs - lastMs) * perSecond) / 1000);
    lastMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
