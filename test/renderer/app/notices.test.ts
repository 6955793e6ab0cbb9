import { expect, test } from 'vitest';
import { standingNotices } from '../../../src/renderer/app/notices.ts';
import type { ErrorReport } from '../../../src/shared/app-error.ts';
import type { PanelStatus } from '../../../src/shared/protocol/status-views.ts';

const status: PanelStatus = {
  state: 'attention',
  reasons: [
    {
      code: 'low-space',
      message: 'The disk of the backups has 612 MB left, and 1.0 GB are to stay free.',
      hint: 'Free some.',
    },
    { code: 'alarm', message: '1,204 memories are missing.', hint: '' },
  ],
  root: '/Users/ana/Codex',
  backups: '/Users/ana/Codex/backups',
  exposure: null,
  last: null,
  baseline: null,
  snapshots: 2,
  lastDrill: null,
  disk: { usedBytes: 1, brainBytes: 1, codeBytes: 0, sharedBytes: 0, totalBytes: 1000, freeBytes: 1, trend: null },
  holder: null,
  watcher: null,
  alarm: { kind: 'memory-lost', at: '', snapshot: 'b', good: 'a', message: '1,204 memories are missing.' },
  watching: { kind: 'here' },
  failing: null,
  problems: [],
  jobs: [],
  interrupted: [],
  isSample: false,
};
const report = (code: ErrorReport['code']): ErrorReport => ({ code, message: code, hint: 'Do this.', details: {} });
const keys = (given: Parameters<typeof standingNotices>) => standingNotices(...given).map(({ key }) => key);

test('an alarm and a disk that fills stand above every view that does not say so itself', () => {
  expect(keys([status, null, 'settings'])).toEqual(['alarm', 'low-space']);
  expect(keys([status, null, 'restore'])).toEqual(['alarm', 'low-space']);
  expect(keys([status, null, 'clean-up'])).toEqual([]);
  expect(keys([status, null, ''])).toEqual([]);
});

test('a condition that keeps the state from being read stands there as well, and a passing error does not', () => {
  expect(keys([undefined, report('backups-missing'), 'activity'])).toEqual(['backups-missing']);
  expect(keys([undefined, report('settings-invalid'), 'activity'])).toEqual(['settings-invalid']);
  expect(keys([undefined, report('settings-invalid'), 'settings'])).toEqual([]);
  expect(keys([undefined, report('connection-lost'), 'activity'])).toEqual([]);
});

test('what fails and what the watcher tells is said once', () => {
  const failing = { error: report('backups-unwritable'), attempts: 3, nextAttemptAt: '' };
  const given = { ...status, alarm: null, reasons: [], failing, problems: [report('backups-unwritable')] };
  expect(keys([given, null, 'activity'])).toEqual(['backups-unwritable']);
});
