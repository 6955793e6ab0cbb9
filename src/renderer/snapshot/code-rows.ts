import { formatCount } from '../../shared/format.ts';
import type { DiffHunk, DiffLine } from '../../shared/protocol/snapshot-views.ts';

/** A piece of a line; `marked` is what differs from the line that it stands for. */
export interface LinePart {
  readonly text: string;
  readonly isMarked: boolean;
}

/** A line of a text or of a comparison, as it is shown. Numbers are counted from 1. */
export type CodeRow =
  | {
      readonly kind: 'same' | 'added' | 'removed';
      readonly before: number | undefined;
      readonly after: number | undefined;
      readonly parts: readonly LinePart[];
    }
  | { readonly kind: 'fold'; readonly text: string };

/** Longer lines are cut: nobody reads them, and a browser takes seconds to lay them out. */
const longestLine = 2000;

export function textRows(text: string): readonly CodeRow[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => ({ kind: 'same', before: index + 1, after: undefined, parts: plain(line) }));
}

/** The lines of a comparison, with what lies between two hunks folded. */
export function diffRows(hunks: readonly DiffHunk[]): readonly CodeRow[] {
  const rows: CodeRow[] = [];
  let nextBefore = 1;
  for (const hunk of hunks) {
    const same = hunk.beforeStart - nextBefore;
    if (same > 0) rows.push({ kind: 'fold', text: `${formatCount(same, 'line')} the same` });
    let before = hunk.beforeStart;
    let after = hunk.afterStart;
    const parts = markChanges(hunk.lines);
    for (const [index, { kind }] of hunk.lines.entries()) {
      rows.push({
        kind,
        before: kind === 'added' ? undefined : before,
        after: kind === 'removed' ? undefined : after,
        parts: parts[index] ?? [],
      });
      if (kind !== 'added') before += 1;
      if (kind !== 'removed') after += 1;
    }
    nextBefore = before;
  }
  return rows;
}

/** Lines that only one of the two has. */
export function countChanges(hunks: readonly DiffHunk[]): { readonly added: number; readonly removed: number } {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const count = (kind: DiffLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  return { added: count('added'), removed: count('removed') };
}

/** Where as many lines came as went, they are taken for each other's successors, and what differs in them is marked. */
function markChanges(lines: readonly DiffLine[]): readonly (readonly LinePart[])[] {
  const parts = lines.map(({ text }) => plain(text));
  let index = 0;
  while (index < lines.length) {
    const removed = countRun(lines, index, 'removed');
    const added = countRun(lines, index + removed, 'added');
    if (removed > 0 && removed === added) {
      for (let each = index; each < index + removed; each += 1) {
        const [old, now] = markPair(lines[each]?.text ?? '', lines[each + removed]?.text ?? '');
        parts[each] = old;
        parts[each + removed] = now;
      }
    }
    index += Math.max(1, removed + added);
  }
  return parts;
}

function countRun(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): number {
  let count = 0;
  while (lines[from + count]?.kind === kind) count += 1;
  return count;
}

/** Words are whole: half of one that is marked is harder to read than all of it. */
function markPair(before: string, after: string): readonly [readonly LinePart[], readonly LinePart[]] {
  const old = splitWords(before);
  const now = splitWords(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const shared = start + end;
  // Two lines that share little but spaces are not one line that was changed.
  if (shared * 2 < Math.min(old.length, now.length)) return [plain(before), plain(after)];
  return [cutParts(old, start, end), cutParts(now, start, end)];
}

const splitWords = (text: string): readonly string[] => text.slice(0, longestLine).match(/\w+|\s+|[^\w\s]/g) ?? [];

function cutParts(words: readonly string[], start: number, end: number): readonly LinePart[] {
  const part = (from: number, to: number, isMarked: boolean) => ({ text: words.slice(from, to).join(''), isMarked });
  return [
    part(0, start, false),
    part(start, words.length - end, true),
    part(words.length - end, words.length, false),
  ].filter(({ text }) => text !== '');
}

function plain(text: string): readonly LinePart[] {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  return [{ text: line.length > longestLine ? `${line.slice(0, longestLine)}…` : line, isMarked: false }];
}
