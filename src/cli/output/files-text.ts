import { escapeControl } from '../../shared/format.ts';
import type { FileListing } from '../../shared/results.ts';
import { formatLocalTime } from './time-text.ts';

/** One line for each entry, as `ls -l` prints it: mode, exact size, local time, path. */
export function formatFiles(entries: readonly FileListing[]): string {
  if (entries.length === 0) return 'There are no entries.';
  const size = entries.reduce((widest, { bytes }) => Math.max(widest, String(bytes).length), 0);
  return entries.map((entry) => formatEntry(entry, size)).join('\n');
}

function formatEntry(entry: FileListing, size: number): string {
  const end = entry.kind === 'folder' && !entry.path.endsWith('/') ? '/' : '';
  const target = entry.target === undefined ? '' : ` -> ${escapeControl(entry.target)}`;
  const bytes = String(entry.bytes).padStart(size);
  return `${formatModeOnce(entry)}  ${bytes}  ${formatMinuteOnce(entry.modifiedAt)}  ${escapeControl(entry.path)}${end}${target}`;
}

const kindLetters = { file: '-', folder: 'd', link: 'l' } as const;

const modes = new Map<string, string>();
const minutes = new Map<string, string>();

/** Nearly all files of a tree have one of a few modes. */
function formatModeOnce(entry: FileListing): string {
  return remember(modes, `${entry.kind}${entry.mode}`, () => formatMode(entry));
}

/** Files of one package mostly have one time. */
function formatMinuteOnce(iso: string): string {
  return remember(minutes, iso.slice(0, 'yyyy-mm-ddThh:mm'.length), () => formatLocalTime(iso));
}

function remember(known: Map<string, string>, key: string, make: () => string): string {
  const text = known.get(key) ?? make();
  known.set(key, text);
  return text;
}

/** `-rw-r--r--`, with `s` and `t` where the set-id and sticky bits are. */
export function formatMode({ kind, mode }: Pick<FileListing, 'kind' | 'mode'>): string {
  const special = [mode & 0o4000 ? 's' : '', mode & 0o2000 ? 's' : '', mode & 0o1000 ? 't' : ''];
  const groups = [6, 3, 0].map((shift, index) => {
    const bits = (mode >> shift) & 7;
    const letter = special[index] ?? '';
    const execute = bits & 1 ? letter || 'x' : letter.toUpperCase() || '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${execute}`;
  });
  return kindLetters[kind] + groups.join('');
}
