export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Where the terminal is too narrow, the columns with the greatest number go first; those without one stay. */
  readonly dropOrder?: number;
  /** Colours a cell once it has its width. */
  readonly paint?: (cell: string) => string;
}

export type Row = readonly string[];

const gap = '  ';
const leastLastSize = 12;

/** Aligned columns under their titles. Columns without content, or with no room, are left out; the last one is cut. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly Row[],
  width = Number.POSITIVE_INFINITY,
): string {
  let shown = columns.map((column, index) => ({ column, index, size: columnSize(column, index, rows) }));
  shown = shown.filter(({ index }) => rows.some((row) => (row[index] ?? '') !== ''));
  while (leastSize(shown) > width) {
    const next = shown.toSorted((a, b) => (b.column.dropOrder ?? 0) - (a.column.dropOrder ?? 0))[0];
    if (next?.column.dropOrder === undefined) break;
    shown = shown.filter((each) => each !== next);
  }
  const line = (row: Row, painted: boolean) => {
    const cells = shown.map(({ column, index, size }, at) => {
      const cell = row[index] ?? '';
      const padded = pad(cell, at === shown.length - 1 && column.align !== 'right' ? 0 : size, column.align);
      return painted ? (column.paint?.(padded) ?? padded) : padded;
    });
    return cells.join(gap).trimEnd();
  };
  const titles = line(
    columns.map(({ title }) => title),
    false,
  );
  return [titles, ...rows.map((row) => line(fitLast(row, shown, width), true))].join('\n');
}

/** `text` cut to that many columns, with an ellipsis. */
export function cut(text: string, size: number): string {
  const characters = [...text];
  if (characters.length <= size) return text;
  return `${characters.slice(0, Math.max(0, size - 1)).join('')}…`;
}

interface ShownColumn {
  readonly column: Column;
  readonly index: number;
  readonly size: number;
}

function columnSize(column: Column, index: number, rows: readonly Row[]): number {
  return rows.reduce((size, row) => Math.max(size, textSize(row[index] ?? '')), column.title.length);
}

function totalSize(shown: readonly ShownColumn[]): number {
  return shown.reduce((total, { size }) => total + size + gap.length, -gap.length);
}

/** The last column may be cut, down to a few characters. */
function leastSize(shown: readonly ShownColumn[]): number {
  const last = shown.at(-1);
  if (last === undefined || last.column.align === 'right') return totalSize(shown);
  return totalSize([...shown.slice(0, -1), { ...last, size: Math.min(last.size, leastLastSize) }]);
}

function fitLast(row: Row, shown: readonly ShownColumn[], width: number): Row {
  const last = shown.at(-1);
  const room = width - totalSize(shown.slice(0, -1)) - gap.length;
  if (last === undefined || last.column.align === 'right' || last.size <= room || shown.length === 1) return row;
  return row.with(last.index, cut(row[last.index] ?? '', room));
}

function pad(cell: string, size: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, size - textSize(cell)));
  return align === 'right' ? space + cell : cell + space;
}

/** Characters, not columns of the terminal: wide text belongs in the last column, where nothing follows it. */
function textSize(text: string): number {
  return [...text].length;
}
