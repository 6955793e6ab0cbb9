import { describe, expect, it } from 'vitest';
import { diffWords, orderDiff, tableWords } from '../../../src/renderer/snapshot/diff-words.ts';
import type { ShownDiff } from '../../../src/shared/protocol/snapshot-views.ts';

const nothing: ShownDiff = {
  from: 'a',
  to: 'now',
  services: [],
  totals: { added: 0, changed: 0, removed: 0 },
  code: [],
  databases: [],
};
const kept = { name: 'events', change: 'kept', rowsBefore: 10, rowsAfter: null, rowsMade: null } as const;

describe('diffWords', () => {
  it('counts memories and files', () => {
    const tables = [
      { ...kept, rowsMade: 187 },
      { ...kept, rowsMade: 25 },
    ];
    const database = { path: 'brain.db', change: 'changed', bytesBefore: 1, bytesAfter: 2, tables } as const;
    const service = { folder: 'a', added: 1, changed: 2, removed: 0 };
    const totals = { added: 1, changed: 2, removed: 0 };
    expect(diffWords({ ...nothing, services: [service], totals, databases: [database] })).toEqual([
      '212 memories',
      '3 files',
    ]);
  });

  it('is empty where nothing differs', () => {
    expect(diffWords(nothing)).toEqual([]);
  });

  it('names a database that changed in a way that no row tells', () => {
    const database = { path: 'a.db', change: 'changed', bytesBefore: 1, bytesAfter: 2, tables: [kept] } as const;
    expect(diffWords({ ...nothing, databases: [database] })).toEqual(['1 database']);
  });
});

describe('tableWords', () => {
  it('tells what was made, and what was removed besides', () => {
    expect(tableWords({ ...kept, rowsMade: 187 })).toBe('+187');
    expect(tableWords({ ...kept, rowsAfter: 12, rowsMade: 5 })).toBe('+5, 3 removed');
    expect(tableWords({ ...kept, rowsAfter: 7 })).toBe('−3');
    expect(tableWords(kept)).toBe('–');
    expect(tableWords({ ...kept, change: 'added', rowsAfter: 4 })).toBe('new, 4 rows');
  });
});

describe('orderDiff', () => {
  it('tells changes in the order in which they happened', () => {
    const [older, newer] = ['codex-backup-2025-11-18T10-00-00-000Z', 'codex-backup-2025-11-20T13-02-00-000Z'] as const;
    expect(orderDiff(newer, older)).toEqual({ from: older, to: newer });
    expect(orderDiff(older, newer)).toEqual({ from: older, to: newer });
    expect(orderDiff(newer, 'now')).toEqual({ from: newer, to: 'now' });
  });
});
