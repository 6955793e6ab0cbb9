import { escapeControl, formatCount } from '../../shared/format.ts';
import type { SearchHit, SearchResult } from '../../shared/results.ts';
import type { TextStyle } from './text-style.ts';
import { formatLocalTime } from './time-text.ts';

/** Each hit with where it lies, and the text around it on a line of its own. */
export function formatSearch({ hits, truncated }: SearchResult, text: string, style: TextStyle): string {
  if (hits.length === 0) return `"${escapeControl(text)}" was not found.`;
  const more = truncated ? '; there are more, ask for them with --limit' : '';
  return [...hits.map((hit) => formatHit(hit, style)), `${formatCount(hits.length, 'hit')}${more}`].join('\n\n');
}

function formatHit(hit: SearchHit, style: TextStyle): string {
  const place = `${escapeControl(hit.database)}  ${escapeControl(hit.table)} #${hit.rowid} ${escapeControl(hit.column)}`;
  const time = hit.createdAt === null ? '' : `  ${escapeControl(formatLocalTime(hit.createdAt))}`;
  return `${style.dim(place + time)}\n  ${escapeControl(hit.snippet)}`;
}
