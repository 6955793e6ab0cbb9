import { expect, test } from 'vitest';
import { countUncovered, openPaths } from '../../../src/renderer/uncovered/coverage-answers.ts';

test('what is not covered comes largest first, and is counted by what it is', () => {
  const open = openPaths({
    services: [
      { path: 'codex-diary', bytes: null },
      { path: 'codex-mail', bytes: 20 },
    ],
    databases: [{ path: 'codex-voice/data.sqlite', bytes: 30 }],
    scripts: [],
    files: [{ path: 'README.md', bytes: null }],
    include: [],
  });
  expect(open.map(({ path }) => path)).toEqual(['codex-voice/data.sqlite', 'codex-mail', 'codex-diary', 'README.md']);
  expect(countUncovered(open)).toBe('2 services, 1 database and 1 file are');
  expect(countUncovered(open.slice(0, 1))).toBe('1 database is');
});
