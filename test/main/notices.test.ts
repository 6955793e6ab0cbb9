import { describe, expect, test } from 'vitest';
import type { Notice } from '../../src/main/notice.ts';
import { createNotices } from '../../src/main/notices.ts';
import type { CallAnswer } from '../../src/shared/protocol/calls.ts';
import type { PanelClient } from '../../src/shared/protocol/client.ts';
import type { SnapshotRow } from '../../src/shared/protocol/status-views.ts';
import type { StateReason } from '../../src/shared/results.ts';
import { createJob, createRow, createStatus, createView, now } from './support/views.ts';

const minuteMs = 60_000;

function stage(events = 41) {
  const told: Notice[] = [];
  const timers: { dueMs: number; listener: () => void }[] = [];
  let time = now;
  const views: CallAnswer<'databases'> = [
    {
      path: 'brain.db',
      isBrain: true,
      bytes: 1,
      integrity: 'ok',
      foreignKeyViolations: 0,
      tables: [
        { name: 'documents', rows: 9, sincePrevious: 0, madeSince: 5 },
        { name: 'events', rows: 90, sincePrevious: events, madeSince: 0 },
      ],
    },
  ];
  const client = { call: async () => views } as unknown as PanelClient;
  const notices = createNotices({
    client,
    show: (notice) => told.push(notice),
    byteBase: 1000,
    now: () => time,
    after: (milliseconds, listener) => timers.push({ dueMs: time + milliseconds, listener }),
  });
  return {
    notices,
    told,
    takeRows: async (rows: readonly SnapshotRow[]): Promise<void> => {
      notices.takeView(createView({ snapshots: rows }));
      await new Promise((resolve) => setImmediate(resolve));
    },
    pass: (milliseconds: number): void => {
      time += milliseconds;
      for (const timer of timers.splice(0)) {
        if (timer.dueMs <= time) timer.listener();
        else timers.push(timer);
      }
    },
    row: (number: number, changes: Partial<SnapshotRow> = {}): SnapshotRow =>
      createRow(number, { ...changes, createdAt: new Date(time - 1000).toISOString() }),
  };
}

describe('snapshots that are taken by themselves', () => {
  test('are told with what was saved, and a click looks inside', async () => {
    const { told, takeRows, row } = stage();
    await takeRows([]);
    const taken = row(1);
    await takeRows([taken]);
    expect(told).toEqual([
      {
        kind: 'snapshots',
        title: 'Snapshot taken',
        body: 'Brain +62.0 KB, 41 events.',
        hash: `#/snapshot/${taken.id}`,
      },
    ]);
  });

  test('are told as one when several come within ten minutes', async () => {
    const { told, takeRows, row, pass } = stage();
    await takeRows([]);
    const rows = [row(1)];
    await takeRows(rows);
    for (const number of [2, 3, 4]) {
      pass(2 * minuteMs);
      rows.unshift(row(number));
      await takeRows([...rows]);
    }
    expect(told).toHaveLength(1);
    pass(5 * minuteMs);
    expect(told.map(({ title, body }) => `${title}: ${body}`)).toEqual([
      'Snapshot taken: Brain +62.0 KB, 41 events.',
      '3 snapshots taken: Brain +186 KB, 123 events.',
    ]);
    pass(60 * minuteMs);
    expect(told).toHaveLength(2);
  });

  test('are told whoever took them, but not those from before, those of a person, or a safety copy', async () => {
    const { told, takeRows, row } = stage();
    const old = row(1);
    await takeRows([old]);
    const rows = [
      row(2, { trigger: 'manual' }),
      row(3, { trigger: 'pre-restore' }),
      createRow(4, { createdAt: new Date(now - 3_600_000).toISOString() }),
    ];
    await takeRows([...rows, old]);
    expect(told).toEqual([]);
    await takeRows([row(5, { trigger: 'boot' }), ...rows, old]);
    expect(told).toHaveLength(1);
  });

  test('say when it is the first, when something is missing, and one event as one', async () => {
    const { told, takeRows, row } = stage(1);
    await takeRows([]);
    await takeRows([row(1, { brainChange: null, status: 'incomplete' })]);
    expect(told[0]?.body).toBe('Brain 940 KB. Something could not be read.');
    const next = stage(1);
    await next.takeRows([]);
    await next.takeRows([next.row(1, { brainChange: -4000 })]);
    expect(next.told[0]?.body).toBe('Brain −4.0 KB, 1 event.');
  });

  test('are not told where the settings say so', async () => {
    const { notices, told, row } = stage();
    const notify = { ...createView().notify, snapshots: false } as ReturnType<typeof createView>['notify'];
    notices.takeView(createView({ notify, snapshots: [] }));
    notices.takeView(createView({ notify, snapshots: [row(1)] }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([]);
  });
});

describe('dangers', () => {
  const reason = (code: StateReason['code'], message: string): StateReason => ({ code, message, hint: '' });
  const failing = {
    error: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space.', details: {} },
    attempts: 1,
    nextAttemptAt: '',
  } as const;

  test('are told once while they last, and again when they come back', () => {
    const { notices, told } = stage();
    const bad = createView({ status: createStatus({ state: 'failed', failing }) });
    for (const view of [bad, bad, createView(), bad]) notices.takeView(view);
    expect(told.map(({ title, body }) => `${title}: ${body}`)).toEqual([
      'Backing up failed: The disk is full. Free some space.',
      'Backing up failed: The disk is full. Free some space.',
    ]);
  });

  test('are not over while a snapshot is being taken', () => {
    const { notices, told } = stage();
    const reasons = [reason('unsaved', '45 min and 340 events are in no snapshot.')];
    const unprotected = createView({ status: createStatus({ state: 'unprotected', reasons }) });
    const running = createView({ status: createStatus({ state: 'running' }) });
    for (const view of [unprotected, running, unprotected]) notices.takeView(view);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'unprotected', body: '45 min and 340 events are in no snapshot.' });
  });

  test('of memories and of space lead to where something can be done', () => {
    const { notices, told } = stage();
    const alarm = { kind: 'memory-lost', at: '', snapshot: 'b', good: 'a', message: '90 events are missing.' } as const;
    notices.takeView(createView({ status: createStatus({ state: 'attention', alarm }) }));
    const reasons = [reason('low-space', '200 MB are free.')];
    notices.takeView(createView({ status: createStatus({ state: 'attention', alarm, reasons }) }));
    expect(told.map(({ kind, hash }) => [kind, hash])).toEqual([
      ['memoryLost', '#/snapshot/a/changes'],
      ['lowSpace', '#/clean-up'],
    ]);
  });

  test('are not told before the first snapshot, when the panel leads through the set-up', () => {
    const { notices, told } = stage();
    notices.takeView(createView({ status: createStatus({ state: 'unprotected', snapshots: 0 }) }));
    const error = { code: 'root-unset', message: '', hint: '', details: {} } as const;
    notices.takeView(createView({ status: null, error }));
    expect(told).toEqual([]);
  });

  test('that keep the engine from saying anything are told as well, once', () => {
    const { notices, told } = stage();
    const error = { code: 'settings-invalid', message: 'Unreadable.', hint: 'Reset.', details: {} } as const;
    const view = createView({ status: null, error });
    for (const again of [view, view]) notices.takeView(again);
    expect(told.map(({ body }) => body)).toEqual(['Unreadable. Reset.']);
  });
});

describe('jobs', () => {
  const error = (code: 'restore-rolled-back' | 'io', message: string) => ({ code, message, hint: '', details: {} });

  test('of a restore are told: done, rolled back, failed', () => {
    const { notices, told } = stage();
    const restore = createJob({ kind: 'restore', trigger: null });
    notices.takeJobEnd({ ...restore, state: 'done' });
    notices.takeJobEnd({ ...restore, state: 'failed', error: error('restore-rolled-back', 'A build failed.') });
    notices.takeJobEnd({ ...restore, state: 'cancelled', error: error('restore-rolled-back', 'Cancelled.') });
    notices.takeJobEnd({ ...restore, state: 'failed', error: error('io', 'Unreadable.') });
    notices.takeJobEnd({ ...restore, state: 'cancelled' });
    expect(told.map(({ title }) => title)).toEqual([
      'The restore is done',
      'The restore was rolled back',
      'The restore was rolled back',
      'The restore failed',
    ]);
  });

  test('of a person that fail are told; those of the watcher are a condition, told as that', () => {
    const { notices, told } = stage();
    notices.takeJobEnd(createJob({ state: 'failed', error: error('io', 'Unreadable.') }));
    notices.takeJobEnd(createJob({ state: 'failed', by: 'watcher', error: error('io', 'Unreadable.') }));
    notices.takeJobEnd(createJob({ state: 'done' }));
    expect(told.map(({ kind, body }) => [kind, body])).toEqual([['failed', 'Unreadable.']]);
  });

  test('that end with the engine are reported as failed', () => {
    const { notices, told } = stage();
    notices.takeLoss('it ended with 9', [createJob(), createJob({ kind: 'restore' }), createJob({ kind: 'verify' })]);
    expect(told.map(({ title }) => title)).toEqual(['Backing up failed', 'The restore was interrupted']);
    expect(told[0]?.body).toContain('it ended with 9');
  });

  test('can not even begin when the engine ends again and again, which is told once', () => {
    const { notices, told } = stage();
    for (let loss = 0; loss < 6; loss += 1) {
      notices.takeView(createView({ engineProblem: 'it ended with 1' }));
      notices.takeLoss('it ended with 1', []);
    }
    expect(told.map(({ title }) => title)).toEqual(['Nothing is backed up']);
    notices.takeView(createView());
    notices.takeLoss('it ended with 1', []);
    expect(told).toHaveLength(1);
  });
});
