import type { CopyStatus, Spread } from '../../shared/copies.ts';
import { formatAge, formatCount } from '../../shared/format.ts';
import type { SizeFormats } from '../format/sizes.ts';

/** `In step, 12 min ago`. */
export function copyStateWords({ state, inStepAt }: CopyStatus, now: number): string {
  const since = inStepAt === null ? 'never in step yet' : `in step ${formatAge(inStepAt, now)}`;
  switch (state) {
    case 'in step':
      return inStepAt === null ? 'In step' : `In step, ${formatAge(inStepAt, now)}`;
    case 'behind':
      return `Behind, ${since}`;
    case 'failing':
      return `Failing, ${since}`;
    case 'not there':
      return `Not there, ${since}`;
  }
}

/** What it holds, and how sure that is. */
export function copyHoldWords(
  { snapshots, bytes, sentBytes, verifiedAt }: CopyStatus,
  now: number,
  sizes: SizeFormats,
): string {
  if (snapshots === 0) return 'Holds nothing yet';
  const held = `${formatCount(snapshots, 'snapshot')}, ${sizes.bytes(bytes)}`;
  const sent = sentBytes > 0 ? `, ${sizes.bytes(sentBytes)} sent last` : '';
  return verifiedAt === null ? `${held}${sent}` : `${held}${sent}, all read back since ${formatAge(verifiedAt, now)}`;
}

/** Three copies on two disks, one of them elsewhere. */
export function spreadWords({ copies, disks, elsewhere }: Spread): string {
  const missing = [
    ...(copies < 3 ? ['a third copy'] : []),
    ...(disks < 2 ? ['a second disk'] : []),
    ...(elsewhere < 1 ? ['one in another place'] : []),
  ];
  return missing.length === 0 ? '3-2-1 is met' : `3-2-1 lacks ${missing.join(', ')}`;
}
