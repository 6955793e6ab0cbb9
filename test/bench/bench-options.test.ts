import { describe, expect, it } from 'vitest';
import { parseBenchOptions } from '../../bench/bench-options.ts';
import { rows } from '../../bench/row-list.ts';

const names = ['first', 'second'];

describe('parseBenchOptions', () => {
  it('measures every row in five rounds by default', () => {
    expect(parseBenchOptions([], names)).toEqual({ only: [], rounds: 5, keep: false, help: false });
  });

  it('takes rows one by one and as a list', () => {
    expect(parseBenchOptions(['--only', 'first,second'], names).only).toEqual(names);
    expect(parseBenchOptions(['--only', 'second', '--only', 'first'], names).only).toEqual(['second', 'first']);
  });

  it('refuses a row that there is not, and names those that there are', () => {
    expect(() => parseBenchOptions(['--only', 'third'], names)).toThrow('There is no row third. Rows: first, second.');
  });

  it.each(['0', '-1', '1.5', 'many'])('refuses --rounds=%s', (rounds) => {
    expect(() => parseBenchOptions([`--rounds=${rounds}`], names)).toThrow('a whole number from 1');
  });
});

describe('the list of rows', () => {
  it('has each name once', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });
});
