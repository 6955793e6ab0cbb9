import type { Settings } from '../../shared/settings.ts';

type Schedule = Settings['watch']['schedule'];

/** A schedule as it is edited: what kind, and the words of each kind. */
export interface ScheduleText {
  readonly kind: 'off' | 'hours' | 'times';
  readonly hours: string;
  readonly times: string;
}

export function toScheduleText(schedule: Schedule): ScheduleText {
  const none = { hours: '6', times: '03:00' };
  if (typeof schedule !== 'string') return { ...none, kind: 'times', times: schedule.join(', ') };
  return schedule === 'off' ? { ...none, kind: 'off' } : { ...none, kind: 'hours', hours: schedule.slice(0, -1) };
}

/** The setting's text, or what is wrong with the words. */
export function fromScheduleText({
  kind,
  hours,
  times,
}: ScheduleText): { readonly text: string } | { readonly error: string } {
  if (kind === 'off') return { text: 'off' };
  if (kind === 'hours') {
    return /^[1-9]\d{0,2}$/.test(hours.trim()) ? { text: `${hours.trim()}h` } : { error: 'From 1 to 999 hours.' };
  }
  const parts = times.split(/[\s,;]+/).filter((part) => part !== '');
  const clocks = parts.map((part) => (/^\d:/.test(part) ? `0${part}` : part));
  const wrong = clocks.find((clock) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(clock));
  if (wrong !== undefined) return { error: `“${wrong}” is no time of the day. Write 03:00, 15:30.` };
  return clocks.length === 0 ? { error: 'At least one time, such as 03:00.' } : { text: JSON.stringify(clocks) };
}
