import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEscapeStripper } from '../../../../src/engine/restore/services/strip-escapes.ts';

const scale = Number(process.env['SCALE'] ?? 1);

test.each([
  ['colours', '\x1b[1;31mred\x1b[0m plain', 'red plain'],
  ['8-bit sequences', 'a\x9b31mb\x9d0;title\x9cc', 'abc'],
  ['a window title, ended by BEL or ST', '\x1b]0;evil\x07a\x1b]2;evil\x1b\\b', 'ab'],
  ['a link', '\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\', 'text'],
  ['a clipboard write', 'x\x1b]52;c;ZXZpbA==\x07y', 'xy'],
  ['device control and private messages', '\x1bPq#0\x1b\\a\x1b^secret\x1b\\b\x1b_app\x1b\\c', 'abc'],
  ['character sets and single characters', '\x1b(Ba\x1b7b\x1bcc\x1b#8', 'abc'],
  ['cursor reports and modes', '\x1b[?25l\x1b[2Ka\x1b[10;20Hb\x1b[>0c', 'ab'],
  ['controls but tab and newline', 'a\x00\x07\x08\x0b\x0c\x7fb\tc\n', 'ab\tc\n'],
  ['text that is turned round', 'file\u202egpj.exe\u2066x\u2069', 'filegpj.exex'],
  ['overwritten lines', '10%\r20%\r\r\n30%\r\n', '10%\n20%\n30%\n'],
  [
    'a sequence that never ends, at the end of its line',
    '\x1b]0;title without end\nerror: here\n\x1b[12',
    '\nerror: here\n',
  ],
  ['an escape within a sequence', '\x1b[3\x1b[31mred', 'red'],
])('%s are taken out', (_, text, plain) => {
  expect(createEscapeStripper()(text)).toBe(plain);
});

test('Wherever the output is cut into pieces, the plain text is the same, and holds no control character', () => {
  const piece = fc.constantFrom(
    '\x1b',
    '[',
    ']',
    '0',
    ';',
    'm',
    '\x07',
    '\\',
    '\r',
    '\n',
    'a',
    '✓',
    '\x9b',
    '\x9d',
    '\x9c',
    'P',
    '(',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(40), { maxLength: 5 }), (pieces, cuts) => {
      const text = pieces.join('');
      const whole = createEscapeStripper()(text);
      const strip = createEscapeStripper();
      const places = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
      const parts = places.slice(1).map((place, index) => strip(text.slice(places[index], place)));
      expect(parts.join('')).toBe(whole);
      expect(whole).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
    { numRuns: 3000 * scale },
  );
});
