import { expect, test } from 'vitest';
import { computeExposure } from '../../../src/engine/growth/exposure.ts';

const baseline = { bytes: 1000, tables: [{ name: 'events', maxRowid: 10 }], atMs: 60_000 };

test('nothing is exposed while the Brain is as it was saved, however long ago', () => {
  expect(computeExposure({ bytes: 1000, tables: baseline.tables }, baseline, 9e9)).toEqual({
    milliseconds: 0,
    bytes: 0,
    rows: [],
  });
});

test('rows are counted by the advance of the greatest rowid, and new tables in full', () => {
  const tables = [
    { name: 'events', maxRowid: 14 },
    { name: 'documents', maxRowid: 2 },
    { name: 'views', maxRowid: null },
  ];
  expect(computeExposure({ bytes: 1500, tables }, baseline, 90_000)).toEqual({
    milliseconds: 30_000,
    bytes: 500,
    rows: [
      { table: 'events', rows: 4 },
      { table: 'documents', rows: 2 },
    ],
  });
});

test('without a baseline everything is exposed, for an unknown time', () => {
  expect(computeExposure({ bytes: 1500, tables: [] }, undefined, 90_000).milliseconds).toBeNull();
});

test('C51: a clock that jumped back gives no negative time', () => {
  expect(computeExposure({ bytes: 1500, tables: [] }, baseline, 0).milliseconds).toBe(0);
});
