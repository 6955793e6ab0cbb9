import { median } from '../measure/statistics.ts';
import type { Finding } from '../row.ts';

/** `no peer`: what it is to be held against is not installed. */
export type Verdict = 'met' | 'NOT MET' | 'no peer' | 'information';

export interface Judged {
  readonly ours: number;
  readonly peer: number | undefined;
  /** Our median over the peer's. */
  readonly ratio: number | undefined;
  readonly verdict: Verdict;
}

/** Holds the medians of a finding against its bound. A bound is met when it is reached exactly. */
export function judge({ ours: samples, peer, bound }: Finding): Judged {
  const ours = median(samples);
  const theirs = peer === undefined || peer.samples.length === 0 ? undefined : median(peer.samples);
  const ratio = theirs === undefined ? undefined : ours / theirs;
  const medians = { ours, peer: theirs, ratio };
  if (bound.kind === 'none') return { ...medians, verdict: 'information' };
  if (bound.kind === 'value') return { ...medians, verdict: ours <= bound.atMost ? 'met' : 'NOT MET' };
  if (ratio === undefined) return { ...medians, verdict: 'no peer' };
  return { ...medians, verdict: ratio <= bound.atMost ? 'met' : 'NOT MET' };
}
