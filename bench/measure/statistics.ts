/** The middle of the samples in order; between two middle ones, halfway. NaN without samples. */
export function median(samples: readonly number[]): number {
  const sorted = inOrder(samples);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The sample that `share` (0 to 1) of all samples do not exceed. NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = inOrder(samples);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

const inOrder = (samples: readonly number[]): number[] => [...samples].sort((a, b) => a - b);
