import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, formatTable } from '../../../src/cli/output/table.ts';

const columns = [
  { title: 'ID' },
  { title: 'SIZE', align: 'right' },
  { title: 'AGE', dropOrder: 2 },
  { title: 'PIN' },
  { title: 'NOTE', dropOrder: 1 },
] as const;
const rows = [
  ['alpha', '1 KB', '2 min ago', '', 'before the big change'],
  ['b', '12 KB', '3 h ago', '', ''],
];

test('columns are aligned, and one that is empty everywhere is left out', () => {
  expect(formatTable(columns, rows)).toBe(
    ['ID      SIZE  AGE        NOTE', 'alpha   1 KB  2 min ago  before the big change', 'b      12 KB  3 h ago'].join(
      '\n',
    ),
  );
});

test('where it is narrow, the last column is cut first and then columns go', () => {
  expect(formatTable(columns, rows, 40).split('\n')[1]).toBe('alpha   1 KB  2 min ago  before the big…');
  expect(formatTable(columns, rows, 30).split('\n')[1]).toBe('alpha   1 KB  before the big …');
  expect(formatTable(columns, rows, 15).split('\n')[1]).toBe('alpha   1 KB');
});

test('colour is put around a cell and does not move the next one', () => {
  const painted = [{ title: 'A', paint: (cell: string) => `<${cell}>` }, { title: 'B' }];
  expect(formatTable(painted, [['x', 'y']])).toBe('A  B\n<x>  y');
});

test('no line is wider than the terminal while there is a column to drop or to cut', () => {
  const cell = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });
  const numRuns = 100 * Number(process.env['SCALE'] ?? 1);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constant('id'), fc.constant('1 KB'), cell, fc.constant(''), cell)),
      fc.integer({ min: 30, max: 120 }),
      (many, width) => {
        for (const line of formatTable(columns, many, width).split('\n'))
          expect(line.length).toBeLessThanOrEqual(width);
      },
    ),
    { numRuns },
  );
});

test('text is cut by characters, not inside one', () => {
  expect(cut('a😀😀b', 3)).toBe('a😀…');
  expect(cut('abc', 3)).toBe('abc');
});
