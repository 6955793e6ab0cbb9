import { describe, expect, test } from 'vitest';
import { formatDiff, groupByService } from '../../../src/cli/output/diff-text.ts';
import { formatFiles, formatMode } from '../../../src/cli/output/files-text.ts';
import { formatLink } from '../../../src/cli/output/link-text.ts';
import { formatSnapshotList } from '../../../src/cli/output/list-text.ts';
import { formatBar } from '../../../src/cli/output/progress-bar.ts';
import { formatSample } from '../../../src/cli/output/sample-text.ts';
import { formatSearch } from '../../../src/cli/output/search-text.ts';
import { formatSnapshotDetail } from '../../../src/cli/output/show-text.ts';
import { formatStatus } from '../../../src/cli/output/status-text.ts';
import { formatLocalTime } from '../../../src/cli/output/time-text.ts';
import { formatExposure } from '../../../src/shared/exposure-text.ts';
import { formatAge } from '../../../src/shared/format.ts';
import { brainPart, createDetail, createSnapshot } from '../support/memory-engine.ts';
import { narrowStyle, now, plainStyle } from '../support/plain-style.ts';

const hostile = 'a\u001b[2Jb\u202ec\nd';
const shown = 'a\\u001b[2Jb\\u202ec\\u000ad';

describe('list', () => {
  const older = createSnapshot();
  const newer = createSnapshot({
    id: 'codex-backup-2025-11-22T03-47-00-000Z',
    createdAt: '2025-11-22T03:47:00.000Z',
    trigger: 'growth',
    pinned: true,
    note: `before the move ${hostile}`,
    brain: { ...brainPart, bytes: 112_640 },
    code: {
      file: 'codex-code.tar.gz',
      bytes: 9,
      sha256: '',
      files: 1,
      rawBytes: 1,
      packs: { total: 1, reused: 1 },
      linked: true,
    },
  });

  test('each snapshot has its age, the change of its Brain, and whether the code is the same', () => {
    const lines = formatSnapshotList([newer, older], plainStyle).split('\n');
    expect(lines[0]).toMatch(/^SNAPSHOT +TAKEN +AGE +TRIGGER +STATUS +BRAIN +CHANGE +CODE +DISK +PIN +NOTE$/);
    expect(lines[1]).toMatch(/growth +verified +113 KB +\+51\.2 KB +same code +300 KB +pinned +before the move/);
    expect(lines[1]).toContain(shown);
    expect(lines[2]).toMatch(/12 min ago +manual +verified +61\.4 KB +205 KB +300 KB$/);
    expect(lines.at(-1)).toBe('2 snapshots');
  });

  test('80 columns are enough for the id, the age, the status and the Brain', () => {
    const lines = formatSnapshotList([newer, older], narrowStyle(80)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[1]).toContain(newer.id);
    expect(lines[0]).toMatch(/AGE +STATUS +BRAIN/);
  });

  test('without snapshots it says how to take one', () => {
    expect(formatSnapshotList([], plainStyle)).toContain('codex-backup run');
  });
});

describe('show', () => {
  test('B31: every part of the snapshot is named, and nothing in it plays with the terminal', () => {
    const text = formatSnapshotDetail(
      createDetail({
        note: hostile,
        status: 'incomplete',
        databases: [{ ...brainPart, path: hostile, tables: [{ name: hostile, rows: 2, maxRowid: null }] }],
        skipped: [{ path: hostile, reason: 'unreadable', detail: 'EACCES' }],
        warnings: [{ code: 'x', message: hostile }],
        envFiles: [{ path: hostile, keys: ['API_KEY'] }],
        checks: [{ kind: 'verify', at: '2025-11-22T03:40:00.000Z', durationMs: 900, ok: true, problems: 0 }],
      }),
      plainStyle,
    );
    expect(text).not.toContain('\u001b');
    for (const part of ['Brain', `Database ${shown}`, 'Code', 'Skipped', 'Warnings', 'Left out for safety', 'Checks']) {
      expect(text.split('\n')).toContain(part);
    }
    expect(text).toContain(`${shown}: unreadable (EACCES)`);
    expect(text).toContain(`${shown}: API_KEY`);
    expect(text).toContain('verify: good, in 0.9 s');
  });

  test('a part that is missing is said to be missing', () => {
    const text = formatSnapshotDetail(createDetail({ brain: null, code: null }), plainStyle);
    expect(text).toContain('Brain\n  none in this snapshot');
    expect(text).toContain('Code\n  none in this snapshot');
  });
});

describe('diff', () => {
  const change = (path: string, kind: 'added' | 'changed' | 'removed') =>
    ({ path, change: kind, bytesBefore: 10, bytesAfter: 20 }) as const;

  test('changes are grouped by service, packages by their own folder', () => {
    const groups = groupByService([
      change('codex-brain/src/a.ts', 'added'),
      change('codex-brain/b.ts', 'changed'),
      change('packages/core/c.ts', 'added'),
      change('package.json', 'changed'),
    ]);
    expect([...groups.keys()]).toEqual(['codex-brain', 'packages/core', '']);
  });

  test('counts, names and rows are shown; a database that is the same is not', () => {
    const same = { path: 'other.db', change: 'same', bytesBefore: 1, bytesAfter: 1, tables: [] } as const;
    const tables = [
      { name: 'events', change: 'kept', rowsBefore: 100, rowsAfter: 140, rowsMade: 41 },
      { name: 'documents', change: 'kept', rowsBefore: 5, rowsAfter: 5, rowsMade: 0 },
      { name: 'live', change: 'kept', rowsBefore: 5, rowsAfter: null, rowsMade: 2 },
      { name: 'gone', change: 'removed', rowsBefore: 5, rowsAfter: null, rowsMade: null },
    ] as const;
    const brain = { path: 'brain.db', change: 'changed', bytesBefore: 4096, bytesAfter: 8192, tables } as const;
    const code = [change('codex-hands/new.ts', 'added'), change(`codex-hands/${hostile}`, 'removed')];
    expect(formatDiff({ from: 'a', to: 'now', code, databases: [brain, same] }, plainStyle)).toBe(
      [
        'a → now',
        '',
        'brain.db: changed, 4.1 KB → 8.2 KB',
        '  events: 100 rows → 140 rows (41 made since)',
        '  live: 2 made since',
        '  gone: 5 rows → no table',
        '',
        'codex-hands: 1 added, 1 removed',
        '  + codex-hands/new.ts (20 B)',
        `  - codex-hands/${shown} (10 B)`,
      ].join('\n'),
    );
    expect(formatDiff({ from: 'a', to: 'b', code: [], databases: [same] }, plainStyle)).toContain('Nothing changed.');
  });

  test('a long list is cut, with the number of the rest', () => {
    const code = Array.from({ length: 80 }, (_, index) => change(`codex-hands/${index}.ts`, 'added'));
    expect(formatDiff({ from: 'a', to: 'b', code, databases: [] }, plainStyle)).toContain('… and 30 more; --json');
  });
});

test('files look as in ls -l', () => {
  const modifiedAt = '2025-11-22T03:35:57.396Z';
  const lines = formatFiles([
    { path: 'codex-brain', kind: 'folder', bytes: 0, modifiedAt, mode: 0o755 },
    { path: 'codex-brain/run.sh', kind: 'file', bytes: 1234, modifiedAt, mode: 0o750 },
    { path: hostile, kind: 'link', bytes: 0, modifiedAt, mode: 0o777, target: hostile },
  ]).split('\n');
  const time = formatLocalTime(modifiedAt);
  expect(lines).toEqual([
    `drwxr-xr-x     0  ${time}  codex-brain/`,
    `-rwxr-x---  1234  ${time}  codex-brain/run.sh`,
    `lrwxrwxrwx     0  ${time}  ${shown} -> ${shown}`,
  ]);
  expect(formatMode({ kind: 'file', mode: 0o4755 })).toBe('-rwsr-xr-x');
  expect(formatMode({ kind: 'folder', mode: 0o1776 })).toBe('drwxrwxrwT');
});

test('search names the place of each hit, and says when there are more', () => {
  const hit = {
    id: 'a',
    database: 'brain.db',
    table: 'events',
    rowid: 7,
    column: 'json',
    snippet: hostile,
    createdAt: null,
  };
  const text = formatSearch({ hits: [hit], truncated: true }, 'x', plainStyle);
  expect(text).toBe(`brain.db  events #7 json\n  ${shown}\n\n1 hit; there are more, ask for them with --limit`);
  expect(formatSearch({ hits: [], truncated: false }, 'x', plainStyle)).toBe('"x" was not found.');
});

describe('status', () => {
  test('the headline is what would be lost now', () => {
    const rows = [
      { table: 'events', rows: 340 },
      { table: 'documents', rows: 0 },
    ];
    expect(formatExposure({ milliseconds: 720_000, bytes: 4096, rows })).toBe('12 min and 340 events unprotected');
    expect(
      formatExposure({ milliseconds: 720_000, bytes: 4096, rows: [...rows, { table: 'doc_chunks', rows: 12 }] }),
    ).toBe('12 min, 340 events and 12 doc_chunks unprotected');
    expect(formatExposure({ milliseconds: 720_000, bytes: 0, rows: [] })).toBe('every memory is in a snapshot');
    expect(formatExposure({ milliseconds: null, bytes: 0, rows: [] })).toBe('no good copy of the Brain exists');
  });

  test('reasons come with what to do', () => {
    const trend = { bytesPerWeek: 4000, fullInDays: 8 };
    const text = formatStatus(
      {
        state: 'unprotected',
        reasons: [{ code: 'unsaved', message: 'The Brain is gone.', hint: 'Look for it.' }],
        root: '/r',
        backups: '/r/backups',
        exposure: null,
        last: createSnapshot(),
        baseline: null,
        snapshots: 1,
        lastDrill: null,
        disk: {
          usedBytes: 1000,
          brainBytes: 600,
          codeBytes: 400,
          sharedBytes: 2000,
          freeBytes: 5000,
          totalBytes: 9000,
          trend,
        },
        holder: { pid: 7, host: 'mac', startedAt: '', what: 'run' },
        watcher: null,
        alarm: null,
      },
      plainStyle,
    );
    expect(text).toMatch(/^unprotected: .*\n {2}The Brain is gone\.\n {4}Look for it\.\n\n/);
    expect(text).toMatch(/disk +1\.0 KB used, 2\.0 KB saved by sharing, 5\.0 KB free/);
    expect(text).toMatch(/trend +4\.0 KB a week, full in 8 days/);
    expect(text).toMatch(/at work +run, process 7 on mac/);
  });
});

test('link says what was done and where the old script is', () => {
  expect(formatLink({ script: '/r/s.js', state: 'linked', kept: '/r/s.js.kept' })).toBe(
    'Linked: /r/s.js now hands over to Codex Auto-Backup.\nThe old script is kept as /r/s.js.kept.',
  );
});

test('the commands to try on a sample can be pasted into a shell', () => {
  const text = formatSample({ root: "/tmp/my 'codex'", backups: '/tmp/b' }, ['list'], plainStyle);
  expect(text).toContain("  codex-backup list --root '/tmp/my '\\''codex'\\'''");
});

test('a progress bar shows the share where the total is known', () => {
  const bar = formatBar({ phase: 'brain', done: 50, total: 200, unit: 'bytes' });
  expect(bar).toBe('copying the Brain           [======------------------]  25 %  50 B of 200 B');
  expect(formatBar({ phase: 'walk', done: 1200, unit: 'files', subject: hostile })).toBe(
    `looking for changed files   1,200 files  ${shown}`,
  );
});

test('ages are rounded down, and times are local', () => {
  const ago = (ms: number) => formatAge(new Date(now - ms).toISOString(), now);
  expect([0, 59_000, 720_000, 11_000_000, 200_000_000].map(ago)).toEqual([
    'just now',
    'just now',
    '12 min ago',
    '3 h ago',
    '2 days ago',
  ]);
  expect(ago(-300_000)).toBe('in 5 min');
  expect(formatLocalTime('2025-11-22T03:35:57.396Z')).toMatch(/^2025-11-2[123] \d\d:\d\d$/);
  expect(formatLocalTime('nonsense')).toBe('nonsense');
});
