const hourMs = 3_600_000;
const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size for people: `0 B`, `61.4 KB`, `1.2 GB`. Decimal units on macOS, as its Finder shows them; binary elsewhere. */
export function formatBytes(bytes: number, base: 1000 | 1024 = 1000): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= base && unit < byteUnits.length - 1) {
    value /= base;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${bytes < 0 ? '-' : ''}${value.toFixed(digits)} ${byteUnits[unit] ?? 'TB'}`;
}

/** A duration for people: `0.4 s`, `41 s`, `12 min`, `3 h 5 min`, `2 days`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
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

/** A count with its noun: `1 file`, `2 files`, `9,300 rows`. */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A whole number with commas: `9,300`. By hand, because the first use of Intl costs a command 10 ms. */
export function formatNumber(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Makes text from a file name, a log or a database safe to print: control characters and bidi marks become visible. */
export function escapeControl(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A word that a POSIX shell reads as it is. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
