import { AppError } from '../shared/app-error.ts';

const dayUnits = new Map([
  ['h', 1 / 24],
  ['d', 1],
  ['w', 7],
]);
const byteUnits = ['', 'KB', 'MB', 'GB', 'TB'];

/** Days in a span such as `12h`, `30d` or `4w`. */
export function parseDays(option: string, text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6}(?:\.\d+)?)([hdw])$/.exec(text) ?? [];
  const days = Number(count) * (dayUnits.get(unit) ?? Number.NaN);
  if (count !== '' && !Number.isNaN(days)) return days;
  throw wrong(option, 'a span such as 12h, 30d or 4w', text);
}

/** Bytes in a size such as `500MB` or `1.5 GB`; decimal units. */
export function parseBytes(option: string, text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,15}(?:\.\d+)?) ?([KMGT]?B)?$/i.exec(text) ?? [];
  if (count !== '') return Math.round(Number(count) * 1000 ** Math.max(0, byteUnits.indexOf(unit.toUpperCase())));
  throw wrong(option, 'a size such as 500MB or 20GB', text);
}

const wrong = (option: string, expected: string, text: string): AppError =>
  new AppError('usage', `--${option} takes ${expected}, and got "${text}".`, {
    hint: 'See "codex-backup prune --help".',
  });
