import { formatDuration } from '../../shared/format.ts';

const hourMs = 3_600_000;

/** `2025-11-22 04:35` in the local time zone; what is no time stays as it is. */
export function formatLocalTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/** `just now`, `12 min ago`, `3 h ago`, `2 days ago`; a time to come is `in 5 min`. */
export function formatAge(iso: string, now: number): string {
  const age = now - Date.parse(iso);
  if (Number.isNaN(age)) return '';
  const distance = Math.abs(age);
  if (distance < 60_000) return 'just now';
  const rounded = distance < hourMs ? distance : Math.floor(distance / hourMs) * hourMs;
  return age < 0 ? `in ${formatDuration(rounded)}` : `${formatDuration(rounded)} ago`;
}
