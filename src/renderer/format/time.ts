const dayMs = 86_400_000;

/** Cached: making a formatter takes longer than using it a thousand times. */
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const longWeekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayOfYearFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const longDayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const exactFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

/** `14:02` in local time. */
export function formatClock(iso: string): string {
  return clockFormat.format(new Date(iso));
}

/** `14:02` today, `Mon 20:36` within seven days, `18 Nov 20:36` before, with the year where it is another one. */
export function formatMoment(iso: string, now: number): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const days = daysBetween(time, new Date(now));
  if (days === 0) return clockFormat.format(time);
  if (days > 0 && days < 7) return `${weekdayFormat.format(time)} ${clockFormat.format(time)}`;
  return `${formatDate(iso, now)} ${clockFormat.format(time)}`;
}

/** A heading over what happened on one day: `Today`, `Yesterday`, `Monday 17 November`, `3 Dec 2024`. */
export function formatDay(iso: string, now: number): string {
  const time = new Date(iso);
  const days = daysBetween(time, new Date(now));
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (time.getFullYear() !== new Date(now).getFullYear()) return dayOfYearFormat.format(time);
  return `${longWeekdayFormat.format(time)} ${longDayFormat.format(time)}`;
}

/** The same for all moments of one local day, and different for any other. */
export function dayKey(iso: string): string {
  const time = new Date(iso);
  return `${time.getFullYear()}-${time.getMonth()}-${time.getDate()}`;
}

/** Everything about a moment, for who looks closely: `Thursday 20 November 2025 at 14:02:07 CET`. */
export function formatExact(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : exactFormat.format(time);
}

/** `18 Nov`, with the year where it is another one. */
export function formatDate(iso: string, now: number): string {
  const time = new Date(iso);
  return (time.getFullYear() === new Date(now).getFullYear() ? dayFormat : dayOfYearFormat).format(time);
}

/** Local calendar days from one to the other; a day is not always 24 h long. */
function daysBetween(earlier: Date, later: Date): number {
  const start = (time: Date) => Date.UTC(time.getFullYear(), time.getMonth(), time.getDate());
  return Math.round((start(later) - start(earlier)) / dayMs);
}
