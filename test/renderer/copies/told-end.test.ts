import { expect, test } from 'vitest';
import { toldEnd } from '../../../src/renderer/copies/told-end.ts';
import type { JobState } from '../../../src/shared/protocol/jobs.ts';

const job = (id: string, more: Partial<JobState>): JobState => ({
  id,
  kind: 'copy',
  ids: [],
  copy: 'disk',
  by: 'user',
  trigger: null,
  startedAt: '2025-11-22T12:00:00.000Z',
  state: 'done',
  progress: null,
  phaseStartedAt: null,
  passed: [],
  canCancel: false,
  isCancelling: false,
  question: null,
  endedAt: '2025-11-22T12:01:00.000Z',
  result: null,
  error: null,
  ...more,
});
const fetched = job('fetched', { kind: 'fetchCopy' });
const byUser = job('by-user', {});
const byWatcher = job('by-watcher', { by: 'watcher' });
const cancelled = job('cancelled', { by: 'watcher', state: 'cancelled' });

test('a snapshot that was brought stays at hand while the watcher goes on copying', () => {
  expect(toldEnd([fetched, byWatcher, byWatcher])?.id).toBe('fetched');
});

test('of copying the newest end is told: what the user began, or what was cancelled', () => {
  expect(toldEnd([fetched, byUser])?.id).toBe('by-user');
  expect(toldEnd([fetched, cancelled])?.id).toBe('cancelled');
  expect(toldEnd([cancelled, byWatcher])).toBeUndefined();
  expect(toldEnd([byUser, job('failed', { by: 'watcher', state: 'failed' })])).toBeUndefined();
});

test('a test of the copy and what still runs are told elsewhere', () => {
  expect(toldEnd([job('test', { kind: 'testCopy' }), job('running', { state: 'running' })])).toBeUndefined();
});
