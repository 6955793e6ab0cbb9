import type { DiffHunk, DiffLine } from '../../shared/protocol/snapshot-views.ts';

/** Of what stays the same, this many lines are shown around a change. */
const contextLines = 3;
/** Two texts that differ in more lines than this are no longer the same file to a reader. */
const maxEdits = 1500;

/** Unified hunks between two texts, by Myers' greedy algorithm; undefined where they differ too much to be shown. */
export function diffLines(before: string, after: string): readonly DiffHunk[] | undefined {
  const a = splitLines(before);
  const b = splitLines(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const script = findScript(a.slice(start, a.length - end), b.slice(start, b.length - end));
  if (script === undefined) return undefined;
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return cutIntoHunks([...a.slice(0, start).map(same), ...script, ...a.slice(a.length - end).map(same)]);
}

function splitLines(text: string): string[] {
  const lines = text.split('\n');
  // What ends with a line break has no empty last line.
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function findScript(a: readonly string[], b: readonly string[]): DiffLine[] | undefined {
  const trace = findTrace(a, b);
  return trace === undefined ? undefined : walkBack(a, b, trace);
}

/** For each number of edits, how far each diagonal comes; the last one reaches the end. */
function findTrace(a: readonly string[], b: readonly string[]): Int32Array[] | undefined {
  const most = Math.min(a.length + b.length, maxEdits);
  const far = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(far.slice(most + 1 - edits - 1, most + 1 + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const left = far[most + k] ?? 0;
      const right = far[most + 2 + k] ?? 0;
      let x = k === -edits || (k !== edits && left < right) ? right : left + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      far[most + 1 + k] = x;
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return undefined;
}

function walkBack(a: readonly string[], b: readonly string[], trace: readonly Int32Array[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const far = trace[edits];
    const at = (k: number): number => far?.[edits + 1 + k] ?? 0;
    const k = x - y;
    const isDown = k === -edits || (k !== edits && at(k - 1) < at(k + 1));
    const previousK = isDown ? k + 1 : k - 1;
    const previousX = edits === 0 ? 0 : at(previousK);
    const previousY = edits === 0 ? 0 : previousX - previousK;
    while (x > previousX && y > previousY) {
      x -= 1;
      y -= 1;
      lines.push({ kind: 'same', text: a[x] ?? '' });
    }
    if (edits === 0) break;
    if (isDown) lines.push({ kind: 'added', text: b[previousY] ?? '' });
    else lines.push({ kind: 'removed', text: a[previousX] ?? '' });
    x = previousX;
    y = previousY;
  }
  return lines.reverse();
}

function cutIntoHunks(lines: readonly DiffLine[]): DiffHunk[] {
  const shown = new Set<number>();
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    for (let near = index - contextLines; near <= index + contextLines; near += 1) shown.add(near);
  }
  const hunks: { beforeStart: number; afterStart: number; lines: DiffLine[] }[] = [];
  let before = 1;
  let after = 1;
  for (const [index, line] of lines.entries()) {
    if (shown.has(index)) {
      if (!shown.has(index - 1) || hunks.length === 0)
        hunks.push({ beforeStart: before, afterStart: after, lines: [] });
      hunks.at(-1)?.lines.push(line);
    }
    if (line.kind !== 'added') before += 1;
    if (line.kind !== 'removed') after += 1;
  }
  return hunks;
}
