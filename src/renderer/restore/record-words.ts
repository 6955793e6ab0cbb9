import type { RestoreRecord } from '../../shared/restore-plan.ts';
import { capitalise } from '../../shared/words.ts';
import { formatMoment } from '../format/time.ts';
import { momentOfId } from '../snapshot/moment-of-id.ts';

const scopes: Readonly<Record<string, string>> = {
  brain: 'the Brain',
  databases: 'the databases',
  code: 'code',
  all: 'Brain and code',
  full: 'everything',
};

/** A restore of the past: `Of 14:33: Brain and code to 14:02`. */
export function restoreWords({ id, what, source, scope }: RestoreRecord, now: number = Date.now()): string {
  const when = momentOfRestore(id, now);
  if (what === 'undo') return `Of ${when}: the undo of another restore`;
  return capitalise(`of ${when}: ${scopes[scope] ?? scope} to ${momentOfId(source, now)}`);
}

/** The time in the name of a restore; the name where it is none. */
export function momentOfRestore(id: string, now: number): string {
  const match = /^restore-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})/.exec(id);
  if (match === null) return id;
  const [, day, hours, minutes, seconds] = match;
  return formatMoment(`${day}T${hours}:${minutes}:${seconds}Z`, now);
}
