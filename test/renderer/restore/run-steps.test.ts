import { describe, expect, it } from 'vitest';
import { failureWords } from '../../../src/renderer/restore/failure-words.ts';
import { runSteps } from '../../../src/renderer/restore/run-steps.ts';
import type { ErrorReport } from '../../../src/shared/app-error.ts';
import type { JobState } from '../../../src/shared/protocol/jobs.ts';

const startedAt = '2025-11-20T13:33:00.000Z';
const now = Date.parse(startedAt) + 60_000;

describe('runSteps', () => {
  it('gives the time of what happens within a step to the step', () => {
    const passed = [
      { phase: 'stage', durationMs: 9000 },
      { phase: 'stop', durationMs: 4000 },
      { phase: 'safety', durationMs: 1000 },
      { phase: 'brain', durationMs: 6000 },
      { phase: 'code', durationMs: 500 },
    ] as const;
    const progress = { phase: 'swap', done: 0, unit: 'steps' } as const;
    const phaseStartedAt = new Date(now - 2000).toISOString();
    const steps = runSteps(undefined, { ...job, passed, progress, phaseStartedAt }, now);
    expect(steps.slice(0, 4).map(({ phase, place, durationMs }) => [phase, place, durationMs])).toEqual([
      ['stage', 'done', 9000],
      ['stop', 'done', 4000],
      ['safety', 'done', 7500],
      ['swap', 'now', 2000],
    ]);
    expect(steps.slice(4).map(({ place }) => place)).toEqual(['later', 'later']);
  });

  it('begins with the first step, before anything was reported', () => {
    expect(runSteps(undefined, job, now)[0]).toMatchObject({ phase: 'stage', place: 'now' });
  });

  it('leaves out steps that the plan has not', () => {
    const plan = {
      what: 'restore',
      source: '',
      root: '',
      scope: 'brain',
      paths: [],
      databases: [],
      code: null,
      space: { neededBytes: 0, freeBytes: 0 },
      warnings: [],
      steps: [
        { step: 'stop', text: '', commands: [] },
        { step: 'swap', text: '', commands: [] },
      ],
    } as const;
    expect(runSteps(plan, job, now).map(({ phase }) => phase)).toEqual(['stage', 'stop', 'swap']);
  });
});

describe('failureWords', () => {
  it('puts the step, the cause, the last lines and the log apart', () => {
    const words = failureWords(
      failed(
        'restore-rolled-back',
        'The restore failed at the step "rebuild": "npm run build" in a ended with exit code 2. Its last lines: one | two Everything is as it was before.',
        { step: 'rebuild', log: '/r/logs/a.log' },
      ),
    );
    expect(words).toMatchObject({
      title: 'The restore failed, and everything is as it was',
      step: 'Rebuild services',
      cause: '"npm run build" in a ended with exit code 2.',
      lastLines: ['one', 'two'],
      log: '/r/logs/a.log',
      state: 'back',
    });
  });

  it('says so where Codex does not run after it went back', () => {
    const message =
      'The restore failed at the step "start": Port 4100 is silent. Everything is as it was before. But Codex could not be started again: the port is taken.';
    const words = failureWords(failed('restore-rolled-back', message, { step: 'start', folder: '/r' }));
    expect(words.lead).toBe('Everything is as it was before, but Codex does not run: the port is taken.');
    expect(words.cause).toBe('Port 4100 is silent.');
    expect(words.log).toBe('/r/logs');
  });

  it('tells one that never began from one that is stuck', () => {
    expect(failureWords(failed('busy', 'Codex still runs.', {}))).toMatchObject({
      title: 'The restore could not begin',
      cause: 'Codex still runs.',
      state: 'untouched',
    });
    expect(failureWords(failed('rollback-failed', 'No.', {})).title).toBe(
      'The restore failed, and not everything could be put back',
    );
  });

  it('has no cause for what was cancelled', () => {
    const cancelled = {
      ...failed(
        'restore-rolled-back',
        'The restore failed at the step "swap": The restore was cancelled. Everything is as it was before.',
        {},
      ),
      state: 'cancelled',
    } as const;
    expect(failureWords(cancelled)).toMatchObject({ title: 'Cancelled, and everything is as it was', cause: '' });
    expect(failureWords({ ...job, state: 'cancelled' }).title).toBe('Cancelled before anything was touched');
  });
});

const job: JobState = {
  id: 'a',
  kind: 'restore',
  ids: [],
  by: 'user',
  trigger: null,
  startedAt,
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
};

function failed(code: ErrorReport['code'], message: string, details: ErrorReport['details']): JobState {
  return { ...job, state: 'failed', error: { code, message, hint: '', details } };
}
