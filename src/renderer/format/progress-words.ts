import { formatDuration, formatNumber } from '../../shared/format.ts';
import { phaseWord } from '../../shared/job-words.ts';
import { type ProgressEvent, progressShare } from '../../shared/progress.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import type { SizeFormats } from './sizes.ts';

/** How far a job is, in words. Each is empty where it isn't known. */
export interface ProgressWords {
  readonly phase: string;
  /** `42 %`. */
  readonly share: string;
  /** `7.7 MB of 18.4 MB`, `120 of 900 files`. */
  readonly amount: string;
  /** `2.6 MB/s`. */
  readonly rate: string;
  /** `about 4 s left`, of this phase. */
  readonly left: string;
}

/** Rates are measured from the beginning of the phase, and told from one second on: before that they only jump. */
const measuredFromMs = 1000;

export function progressWords(job: JobState, now: number, sizes: SizeFormats): ProgressWords {
  const { progress, phaseStartedAt } = job;
  if (progress === null)
    return { phase: job.isCancelling ? 'Cancelling' : 'Starting', share: '', amount: '', rate: '', left: '' };
  const elapsedMs = phaseStartedAt === null ? 0 : now - Date.parse(phaseStartedAt);
  return {
    phase: job.isCancelling ? 'Cancelling' : phaseWord(progress.phase),
    share: shareText(progress),
    amount: amountText(progress, sizes),
    ...paceText(progress, elapsedMs, sizes),
  };
}

function shareText(progress: ProgressEvent): string {
  // A narrow space that does not break.
  return progress.total === undefined ? '' : `${Math.floor(progressShare(progress) * 100)}\u202f%`;
}

function amountText({ done, total, unit }: ProgressEvent, sizes: SizeFormats): string {
  if (done === 0 && total === undefined) return '';
  if (unit === 'bytes') return total === undefined ? sizes.bytes(done) : sizes.share(done, total);
  // `0 of 1 steps` says nothing.
  if (total !== undefined && total <= 1) return '';
  return total === undefined
    ? `${formatNumber(done)} ${unit}`
    : `${formatNumber(done)} of ${formatNumber(total)} ${unit}`;
}

function paceText({ done, total, unit }: ProgressEvent, elapsedMs: number, sizes: SizeFormats) {
  if (elapsedMs < measuredFromMs || done === 0) return { rate: '', left: '' };
  const perSecond = (done * 1000) / elapsedMs;
  const rate = unit === 'bytes' ? `${sizes.bytes(perSecond)}/s` : '';
  if (total === undefined || total <= done) return { rate, left: '' };
  const leftMs = ((total - done) / perSecond) * 1000;
  return {
    rate,
    left: `about ${formatDuration(Math.max(1000, Math.ceil(leftMs / 1000) * 1000)).replace('.0', '')} left`,
  };
}
