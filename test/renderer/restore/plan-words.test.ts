import { describe, expect, it } from 'vitest';
import {
  countLost,
  filesHeading,
  joinWords,
  lostHeading,
  planSummary,
  rebuilds,
  spaceProblem,
  unknownTables,
} from '../../../src/renderer/restore/plan-words.ts';
import type { ShownPlan } from '../../../src/shared/protocol/restore-views.ts';
import type { TablePlan } from '../../../src/shared/restore-plan.ts';

const now = new Date(2025, 10, 20, 14, 35).getTime();
const at = (hour: number, minute: number): string => new Date(2025, 10, 20, hour, minute).toISOString();

describe('countLost', () => {
  it('names these 212 memories, 14:02 to 14:31', () => {
    const tables = [
      table('events', 187, at(14, 2), at(14, 20)),
      table('documents', 9, at(14, 5), at(14, 31)),
      table('doc_chunks', 16, null, null),
    ];
    const lost = countLost(brainOf(tables), now);
    expect(lost).toEqual({ count: 212, span: '14:02 to 14:31', tables: '187 events, 9 documents and 16 doc_chunks' });
    expect(lostHeading(lost)).toBe('212 memories, 14:02 to 14:31,');
  });

  it('reads the times of SQLite as UTC', () => {
    const text = at(14, 2).slice(0, 19).replace('T', ' ');
    expect(countLost(brainOf([table('events', 1, text, text)]), now).span).toBe('14:02');
  });

  it('tells no span where the tables tell none, or nonsense', () => {
    expect(lostHeading(countLost(brainOf([table('events', 2, 'soon', 'later')]), now))).toBe('2 memories');
  });

  it('does not count what is kept', () => {
    const databases = brainOf([{ ...table('events', 5, null, null), isKept: true }]);
    expect(countLost(databases, now).count).toBe(0);
    expect(countLost(databases, now, true).count).toBe(5);
  });
});

describe('unknownTables', () => {
  it('names tables of which nobody can tell what came since', () => {
    const databases = brainOf([table('sessions', null, null, null), table('events', 3, null, null)]);
    expect(unknownTables(databases)).toEqual(['sessions']);
  });
});

describe('rebuilds', () => {
  it('joins the commands of one folder, with each reason once', () => {
    const commands = [
      { command: ['npm', 'install'], folder: 'a', reasons: ['its lock file differs'] },
      { command: ['npm', 'run', 'build'], folder: 'a', reasons: ['its lock file differs', 'its sources differ'] },
      { command: ['npm', 'run', 'build'], folder: 'b', reasons: ['dist is missing'] },
    ];
    expect(rebuilds({ steps: [{ step: 'rebuild', text: '', commands }] })).toEqual([
      {
        folder: 'a',
        commands: ['npm install', 'npm run build'],
        reasons: ['its lock file differs', 'its sources differ'],
      },
      { folder: 'b', commands: ['npm run build'], reasons: ['dist is missing'] },
    ]);
  });
});

describe('the words of a plan', () => {
  it('is conditional about files, and says where they are', () => {
    const services = ['a', 'b'].map((folder) => ({ folder, added: 1, changed: 0, removed: 0, unchanged: 4 }));
    const totals = { changes: 2, kept: 0, asideWithUncovered: 0 };
    const code = { services, changes: [], asideWithUncovered: [], kept: [], totals };
    expect(filesHeading({ ...plan, code })).toBe('2 files in 2 places would go back');
    expect(filesHeading(plan)).toBe('No file has to change');
  });

  it('sums up what is decided', () => {
    expect(planSummary(plan, now)).toBe('Nothing to do');
    const steps = [{ step: 'swap', text: '', commands: [] }] as const;
    expect(planSummary({ ...plan, steps }, now)).toBe('Nothing is set aside');
    const databases = brainOf([table('events', 1, null, null)]);
    expect(planSummary({ ...plan, steps, databases }, now)).toBe('1 memory');
  });

  it('says have and need where space is short', () => {
    const space = { neededBytes: 5, freeBytes: 4 };
    expect(spaceProblem({ ...plan, space }, (bytes) => `${bytes} B`)).toBe('Too little space: 4 B free, 5 B needed');
    expect(spaceProblem({ ...plan, space: { neededBytes: 4, freeBytes: 4 } }, String)).toBeUndefined();
  });

  it('joins words as people do', () => {
    expect([joinWords([]), joinWords(['a']), joinWords(['a', 'b']), joinWords(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

const plan: ShownPlan = {
  what: 'restore',
  source: 'codex-backup-2025-11-20T13-02-00-000Z',
  root: '/codex',
  scope: 'all',
  paths: [],
  databases: [],
  code: null,
  space: { neededBytes: 0, freeBytes: 1 },
  steps: [],
  warnings: [],
};

function table(name: string, rowsLost: number | null, lostFrom: string | null, lostTo: string | null): TablePlan {
  return { name, rowsNow: 10, rowsThen: 7, rowsLost, lostFrom, lostTo, isKept: false };
}

function brainOf(tables: readonly TablePlan[]): ShownPlan['databases'] {
  return [{ path: 'brain.db', isBrain: true, change: 'replace', bytesNow: 2, bytesThen: 1, tables }];
}
