import { parseSnapshotId } from '../../shared/snapshot-id.ts';
import { formatMoment } from '../format/time.ts';

/** The time in a snapshot's name, for people: `14:02`, `Mon 20:36`; the name itself where it is none. */
export function momentOfId(id: string, now: number = Date.now()): string {
  const time = parseSnapshotId(id);
  return time === undefined ? id : formatMoment(time.toISOString(), now);
}
