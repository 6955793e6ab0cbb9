import { describe, expect, it } from 'vitest';
import { type CodeRow, countChanges, diffRows, textRows } from '../../../src/renderer/snapshot/code-rows.ts';
import type { DiffHunk, DiffLine } from '../../../src/shared/protocol/snapshot-views.ts';

describe('diffRows', () => {
  it('folds what is the same before, between and not after the hunks', () => {
    const rows = diffRows([hunk(3, 3, [line('same', 'a'), line('added', 'b')]), hunk(10, 11, [line('removed', 'c')])]);
    expect(rows.map((row) => (row.kind === 'fold' ? row.text : row.kind))).toEqual([
      '2 lines the same',
      'same',
      'added',
      '6 lines the same',
      'removed',
    ]);
  });

  it('numbers each line where it is', () => {
    const rows = diffRows([hunk(1, 1, [line('removed', 'a'), line('added', 'b'), line('same', 'c')])]);
    expect(rows.map((row) => (row.kind === 'fold' ? [] : [row.before, row.after]))).toEqual([
      [1, undefined],
      [undefined, 1],
      [2, 2],
    ]);
  });

  it('marks the words that differ in a line that took the place of another', () => {
    const rows = diffRows([
      hunk(1, 1, [line('removed', "row('voice', 8_000),"), line('added', "row('voice', 20_000),")]),
    ]);
    expect(rows.map(marked)).toEqual(['8_000', '20_000']);
  });

  it('marks nothing in lines that have little in common', () => {
    const rows = diffRows([hunk(1, 1, [line('removed', 'one two three'), line('added', 'four, five; six!')])]);
    expect(rows.map(marked)).toEqual(['', '']);
  });

  it('keeps every character of a line', () => {
    const rows = diffRows([hunk(1, 1, [line('removed', 'const a = <b>;'), line('added', 'const ä = "<b>";')])]);
    expect(rows.map(textOf)).toEqual(['const a = <b>;', 'const ä = "<b>";']);
  });
});

describe('countChanges', () => {
  it('counts the lines that only one side has', () => {
    expect(countChanges([hunk(1, 1, [line('removed', 'a'), line('added', 'b'), line('added', 'c')])])).toEqual({
      added: 2,
      removed: 1,
    });
  });
});

describe('textRows', () => {
  it('has no empty line after the last line break', () => {
    expect(textRows('a\nb\n').map(textOf)).toEqual(['a', 'b']);
  });

  it('cuts lines that no browser can lay out', () => {
    expect(textOf(textRows('x'.repeat(500_000))[0])).toHaveLength(2001);
  });
});

const hunk = (beforeStart: number, afterStart: number, lines: readonly DiffLine[]): DiffHunk => ({
  beforeStart,
  afterStart,
  lines,
});
const line = (kind: DiffLine['kind'], text: string): DiffLine => ({ kind, text });

function textOf(row: CodeRow | undefined): string {
  return row === undefined || row.kind === 'fold' ? '' : row.parts.map(({ text }) => text).join('');
}

function marked(row: CodeRow): string {
  if (row.kind === 'fold') return '';
  return row.parts.flatMap(({ text, isMarked }) => (isMarked ? [text] : [])).join('');
}
