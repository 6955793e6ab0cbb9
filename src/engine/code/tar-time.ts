/** Seconds since 1970 that a tar header holds for this time. */
export function tarSeconds(mtimeNs: bigint): number {
  const seconds = mtimeNs / 1_000_000_000n;
  return Number(seconds * 1_000_000_000n > mtimeNs ? seconds - 1n : seconds);
}
