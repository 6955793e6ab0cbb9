import { formatAge } from '../../shared/format.ts';
import { formatExact, formatMoment } from '../format/time.ts';
import { useNow } from './use-now.ts';

export interface RelativeTimeProps {
  readonly iso: string;
  /** `age`: 12 min ago. `moment`: 14:02, Mon 20:36, 18 Nov 20:36. */
  readonly as?: 'age' | 'moment';
  readonly className?: string;
}

/** A time for people; the exact one on hover. */
export function RelativeTime({ iso, as = 'age', className }: RelativeTimeProps) {
  const now = useNow(as === 'age' ? 10_000 : 60_000);
  return (
    <time dateTime={iso} title={formatExact(iso)} className={className}>
      {as === 'age' ? formatAge(iso, now) : formatMoment(iso, now)}
    </time>
  );
}
