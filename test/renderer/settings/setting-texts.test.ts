import { describe, expect, test } from 'vitest';
import { careFields, checkNumber, watchFields } from '../../../src/renderer/settings/number-fields.ts';
import { fromScheduleText, toScheduleText } from '../../../src/renderer/settings/schedule-text.ts';
import { fromSizeText, toSizeText } from '../../../src/renderer/settings/size-text.ts';
import { settingsSchema } from '../../../src/shared/settings.ts';

describe('sizes as they are typed', () => {
  test('come back as the same bytes, in the unit in which they are short', () => {
    expect(toSizeText(51_200, 1000)).toEqual({ number: '51.2', unit: 'KB' });
    expect(toSizeText(51_200, 1024)).toEqual({ number: '50', unit: 'KB' });
    expect(toSizeText(1_000_000_000, 1000)).toEqual({ number: '1', unit: 'GB' });
    for (const bytes of [0, 1, 999, 51_200, 123_456_789, 1_000_000_000])
      for (const base of [1000, 1024] as const) expect(fromSizeText(toSizeText(bytes, base), base)).toBe(bytes);
  });

  test('words, signs and nothing are no size', () => {
    for (const number of ['', 'ten', '-1', '1 2', '1e9', '.'])
      expect(fromSizeText({ number, unit: 'KB' }, 1000)).toBeUndefined();
  });
});

describe('numbers', () => {
  const [interval] = watchFields;
  test('every default is within its limits', () => {
    const defaults = settingsSchema.parse({});
    for (const field of [...watchFields, ...careFields])
      expect(checkNumber(field, field.read(defaults), String)).toBeUndefined();
  });

  test('limits are told in the unit of the setting', () => {
    if (interval === undefined) throw new Error('There is no such field.');
    expect(checkNumber(interval, 0, String)).toBe('From 1 to 3,600 seconds.');
    expect(checkNumber(interval, undefined, String)).toBe('A whole number.');
    expect(checkNumber(interval, 60, String)).toBeUndefined();
  });
});

describe('the schedule', () => {
  test('comes back as the same setting', () => {
    for (const schedule of ['off', '6h', ['03:00', '15:30']] as const) {
      const given = typeof schedule === 'string' ? schedule : [...schedule];
      const text = typeof given === 'string' ? given : JSON.stringify(given);
      expect(fromScheduleText(toScheduleText(given))).toEqual({ text });
    }
  });

  test('times are read as people write them, and what is none is named', () => {
    const times = (text: string) => fromScheduleText({ kind: 'times', hours: '', times: text });
    expect(times('3:00; 15:30')).toEqual({ text: '["03:00","15:30"]' });
    expect(times('25:00')).toEqual({ error: '“25:00” is no time of the day. Write 03:00, 15:30.' });
    expect(times(' ')).toHaveProperty('error');
    expect(fromScheduleText({ kind: 'hours', hours: '0', times: '' })).toHaveProperty('error');
  });
});
