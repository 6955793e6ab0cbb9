import { describe, expect, it } from 'vitest';
import { markHits, memoryWords, tableWord } from '../../../src/renderer/snapshot/memory-words.ts';

describe('memoryWords', () => {
  it('finds what was said inside the JSON of an event', () => {
    const json = JSON.stringify({ role: 'user', turn: { text: 'Move the\n dentist' } });
    expect(memoryWords({ table: 'events', values: { id: 1, kind: 'TurnAppended', json } })).toEqual({
      kind: 'TurnAppended',
      text: 'Move the dentist',
    });
  });

  it('finds it in JSON that was cut in the middle', () => {
    const json = '{"role":"user","text":"Say \\"hello\\" to Ana, and th';
    expect(memoryWords({ table: 'events', values: { json } }).text).toBe('Say "hello" to Ana, and th');
  });

  it('takes the title of a document, and the table where no kind is told', () => {
    expect(memoryWords({ table: 'documents', values: { docId: 'd', type: 'pdf', title: 'Letter' } })).toEqual({
      kind: 'documents',
      text: 'Letter',
    });
  });

  it('tells the columns where none of them says anything by its name', () => {
    expect(memoryWords({ table: 't', values: { id: 1, weight: 3, colour: 'red' } }).text).toBe(
      'weight: 3 · colour: red',
    );
  });
});

describe('markHits', () => {
  it('marks every hit whatever its case', () => {
    expect(
      markHits('Ana and ANA', 'ana')
        .filter(({ isHit }) => isHit)
        .map(({ text }) => text),
    ).toEqual(['Ana', 'ANA']);
  });

  it('loses no character, markup or not', () => {
    for (const text of ['<b>İstanbul</b>', 'abcabc', '']) {
      expect(
        markHits(text, 'b')
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    }
  });
});

describe('tableWord', () => {
  it('is the table in the singular', () => {
    expect([tableWord('events'), tableWord('address'), tableWord('news_x')]).toEqual(['event', 'address', 'news_x']);
  });
});
