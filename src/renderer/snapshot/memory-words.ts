import type { MemoryRow } from '../../shared/protocol/snapshot-views.ts';

/** A memory in one line. */
export interface MemoryWords {
  /** What it says. */
  readonly text: string;
  /** What kind of row it is: `TurnAppended`, else the table. */
  readonly kind: string;
}

const tellingColumns = ['title', 'content', 'text', 'summary', 'name', 'message', 'subject', 'body'];
const dullColumns = /^(id|.*Id|.*_id|createdAt|created_at|updatedAt|ingestedAt|kind|type|json|rowid)$/;
const tellingKeys = ['text', 'content', 'message', 'title', 'summary', 'name', 'query', 'prompt'];

/** Finds the words in a row whose columns nobody has described to us. */
export function memoryWords({ table, values }: Pick<MemoryRow, 'table' | 'values'>): MemoryWords {
  const kind = typeof values['kind'] === 'string' && values['kind'] !== '' ? values['kind'] : table;
  return { kind, text: oneLine(findText(values)) };
}

/** Where memories come from one after the other: `events` as `event`. */
export function tableWord(table: string): string {
  return /[^s]s$/.test(table) ? table.slice(0, -1) : table;
}

function findText(values: MemoryRow['values']): string {
  for (const column of tellingColumns) {
    const value = values[column];
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  const json = values['json'];
  const inside = typeof json === 'string' ? textInJson(json) : undefined;
  if (inside !== undefined) return inside;
  const others = Object.entries(values).filter(([name, value]) => !dullColumns.test(name) && value !== null);
  return others.length > 0 ? others.map(([name, value]) => `${name}: ${value}`).join(' · ') : String(json ?? '');
}

/** A row's text may have been cut, so that its JSON is not whole: then the first telling key is looked for in it. */
function textInJson(json: string): string | undefined {
  try {
    return findInObject(JSON.parse(json), 0);
  } catch {
    // Cut after 500 characters.
    const found = new RegExp(`"(?:${tellingKeys.join('|')})"\\s*:\\s*"((?:[^"\\\\]|\\\\.)+)`).exec(json)?.[1];
    return found?.replaceAll(/\\n|\\t/g, ' ').replaceAll(/\\(.)/g, '$1');
  }
}

function findInObject(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null || depth > 4) return undefined;
  const entries = Object.entries(value);
  for (const key of tellingKeys) {
    const found = entries.find(([name, inner]) => name === key && typeof inner === 'string' && inner.trim() !== '');
    if (found !== undefined) return String(found[1]);
  }
  for (const [, inner] of entries) {
    const text = findInObject(inner, depth + 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** A text cut where the words of a search begin and end, whatever their case. */
export function markHits(text: string, query: string): readonly { readonly text: string; readonly isHit: boolean }[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [{ text, isHit: false }];
  const lower = text.toLowerCase();
  const parts: { text: string; isHit: boolean }[] = [];
  let from = 0;
  // Small letters may be longer than capitals; then nothing is marked rather than the wrong part.
  if (lower.length !== text.length) return [{ text, isHit: false }];
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), isHit: false });
    from = at + wanted.length;
    parts.push({ text: text.slice(at, from), isHit: true });
  }
  if (from < text.length) parts.push({ text: text.slice(from), isHit: false });
  return parts;
}
