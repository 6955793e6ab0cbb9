import { type AppView, emptyView } from '../../../src/main/app-view.ts';
import type { JobState } from '../../../src/shared/protocol/jobs.ts';
import type { PanelStatus, SnapshotRow } from '../../../src/shared/protocol/status-views.ts';
import { settingsSchema } from '../../../src/shared/settings.ts';

export const now = Date.parse('2025-11-22T12:00:00.000Z');

/** All is well, a snapshot lies ten minutes back. */
export function createStatus(changes: Partial<PanelStatus> = {}): PanelStatus {
  return {
    state: 'protected',
    reasons: [],
    root: '/Users/ana/Codex',
    backups: '/Users/ana/Codex/backups',
    exposure: { milliseconds: 600_000, bytes: 0, rows: [] },
    last: null,
    baseline: null,
    snapshots: 3,
    lastDrill: null,
    disk: { usedBytes: 1, brainBytes: 1, codeBytes: 1, sharedBytes: 0, freeBytes: 1e12, totalBytes: 2e12, trend: null },
    holder: null,
    watcher: null,
    alarm: null,
    watching: { kind: 'here' },
    failing: null,
    problems: [],
    jobs: [],
    interrupted: [],
    isSample: false,
    ...changes,
  };
}

export function createRow(number: number, changes: Partial<SnapshotRow> = {}): SnapshotRow {
  const createdAt = new Date(now - 60_000 + number).toISOString();
  return {
    id: `codex-backup-${createdAt.replaceAll(/[:.]/g, '-')}`,
    createdAt,
    sequence: number,
    trigger: 'growth',
    status: 'verified',
    pinned: false,
    note: '',
    durationMs: 900,
    diskBytes: 100_000,
    brainBytes: 940_000,
    brainChange: 62_000,
    rowsMade: 41,
    codeBytes: 200_000,
    codeFiles: 120,
    isSameCode: true,
    databases: 0,
    skipped: 0,
    warnings: 0,
    ...changes,
  };
}

export function createJob(changes: Partial<JobState> = {}): JobState {
  return {
    id: 'job-1',
    kind: 'backUp',
    ids: [],
    by: 'user',
    trigger: 'manual',
    startedAt: new Date(now).toISOString(),
    state: 'running',
    progress: null,
    phaseStartedAt: null,
    passed: [],
    canCancel: true,
    isCancelling: false,
    question: null,
    endedAt: null,
    result: null,
    error: null,
    ...changes,
  };
}

export function createView(changes: Partial<AppView> = {}): AppView {
  const { notify } = settingsSchema.parse({});
  return { ...emptyView, status: createStatus(), snapshots: [], notify, ...changes };
}
