import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from '../../../src/engine/code/diff-lines.ts';
import type { DiffHunk } from '../../../src/shared/protocol/snapshot-views.ts';

test('shows a change with three lines around it, and says where it is', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
  const after = before.with(9, 'another line');
  const hunks = diffLines(before.join('\n'), after.join('\n'));
  expect(hunks).toHaveLength(1);
  expect(hunks?.[0]).toMatchObject({ beforeStart: 7, afterStart: 7 });
  expect(hunks?.[0]?.lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'same line 7',
    'same line 8',
    'same line 9',
    'removed line 10',
    'added another line',
    'same line 11',
    'same line 12',
    'same line 13',
  ]);
});

test('finds nothing between equal texts, and everything from and to an empty one', () => {
  expect(diffLines('a\nb\n', 'a\nb\n')).toEqual([]);
  expect(diffLines('', 'a\n')?.[0]?.lines).toEqual([{ kind: 'added', text: 'a' }]);
  expect(diffLines('a\n', '')?.[0]?.lines).toEqual([{ kind: 'removed', text: 'a' }]);
});

test('gives up on texts that have nothing in common', () => {
  const many = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}`).join('\n');
  expect(diffLines(many('old'), many('new'))).toBeUndefined();
});

test('makes the new text out of the old one, whatever they are', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 40 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  const check = fc.property(text, text, (before, after) => {
    expect(applyHunks(before, diffLines(before, after) ?? [])).toBe(after);
  });
  fc.assert(check, { numRuns: 300 * Number(process.env['SCALE'] ?? 1) });
});

function applyHunks(before: string, hunks: readonly DiffHunk[]): string {
  const old = before.split('\n').slice(0, -1);
  const made: string[] = [];
  let line = 1;
  for (const { beforeStart, afterStart, lines } of hunks) {
    while (line < beforeStart) made.push(old[line++ - 1] ?? '');
    expect(made.length + 1).toBe(afterStart);
    for (const { kind, text } of lines) {
      if (kind !== 'added') expect(old[line++ - 1]).toBe(text);
      if (kind !== 'removed') made.push(text);
    }
  }
  made.push(...old.slice(line - 1));
  return made.map((text) => `${text}\n`).join('');
}
