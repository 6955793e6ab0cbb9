import { expect, test } from 'vitest';
import { type CodeState, diffCode, diffDatabases } from '../../../src/engine/snapshot/diff.ts';

const file = (path: string, sha256: string, size = 1): CodeState => ({ path, kind: 'file', size, mode: 0o644, sha256 });

test('files are added, changed and removed by content, mode and target; folders are not listed', () => {
  const before = [file('a', '1'), file('b', '2'), file('c', '3'), { ...file('d', ''), kind: 'folder' as const }];
  const after = [file('a', '1'), file('b', '9', 5), { ...file('c', '3'), mode: 0o755 }, file('e', '4', 7)];
  expect(diffCode(before, after)).toEqual([
    { path: 'b', change: 'changed', bytesBefore: 1, bytesAfter: 5 },
    { path: 'c', change: 'changed', bytesBefore: 1, bytesAfter: 1 },
    { path: 'e', change: 'added', bytesBefore: 0, bytesAfter: 7 },
  ]);
});

test('databases are compared by rows and by the advance of the greatest rowid', () => {
  const before = [{ path: 'brain.db', bytes: 10, sha256: 'x', tables: [{ name: 'events', rows: 5, maxRowid: 9 }] }];
  const after = [
    { path: 'brain.db', bytes: 20, tables: [{ name: 'events', rows: null, maxRowid: 12 }] },
    { path: 'new.db', bytes: 5, tables: [] },
  ];
  expect(diffDatabases(before, after)).toEqual([
    {
      path: 'brain.db',
      change: 'changed',
      bytesBefore: 10,
      bytesAfter: 20,
      tables: [{ name: 'events', change: 'kept', rowsBefore: 5, rowsAfter: null, rowsMade: 3 }],
    },
    { path: 'new.db', change: 'added', bytesBefore: 0, bytesAfter: 5, tables: [] },
  ]);
});
