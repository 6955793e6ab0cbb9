import type { Settings } from '../../shared/settings.ts';

export type Schedule = Settings['watch']['schedule'];

const hourMs = 60 * 60 * 1000;

/** Whether the schedule wants a snapshot that is newer than this one. A snapshot of the future is one of a wrong clock. */
export function isScheduleDue(schedule: Schedule, savedAtMs: number, nowMs: number): boolean {
  if (schedule === 'off') return false;
  if (savedAtMs > nowMs) return true;
  if (typeof schedule === 'string') return nowMs - savedAtMs >= Number.parseInt(schedule, 10) * hourMs;
  return savedAtMs < lastTimeOfDay(schedule, nowMs);
}

/** The newest of these times of the day, today's or yesterday's, that has passed; local time. */
function lastTimeOfDay(times: readonly string[], nowMs: number): number {
  const passed = times.flatMap((time) => [timeOfDay(time, nowMs, 0), timeOfDay(time, nowMs, -1)]);
  return Math.max(...passed.filter((atMs) => atMs <= nowMs));
}

function timeOfDay(time: string, nowMs: number, days: number): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const date = new Date(nowMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hours, minutes).getTime();
}
