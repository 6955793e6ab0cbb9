import { describe, expect, test } from 'vitest';
import { trayIconPath } from '../../src/main/tray-icon.ts';
import { planTrayState } from '../../src/main/tray-state.ts';
import { createJob, createStatus, createView } from './support/views.ts';

describe('the icon', () => {
  test('shows the state, and says in one line what would be lost', () => {
    const exposure = { milliseconds: 45 * 60_000, bytes: 90_000, rows: [{ table: 'events', rows: 340 }] };
    const view = createView({ status: createStatus({ state: 'unprotected', exposure }) });
    expect(planTrayState(view)).toEqual({
      state: 'unprotected',
      step: 0,
      headline: 'Unprotected: 45 min and 340 events unprotected',
      toolTip: 'Codex Auto-Backup: Unprotected: 45 min and 340 events unprotected',
    });
    expect(planTrayState(createView()).headline).toBe('Protected: Every memory is in a snapshot');
  });

  test('names the cause of what asks for attention', () => {
    const reasons = [
      {
        code: 'coverage-open' as const,
        message: 'No snapshot holds 3 services (a, b, c), and you have not said whether one should.',
        hint: '',
      },
    ];
    const view = createView({ status: createStatus({ state: 'attention', reasons }) });
    expect(planTrayState(view).headline).toBe('Attention: parts of Codex are in no snapshot');
  });

  test('fills up while a snapshot is taken, and never goes back when phases alternate', () => {
    const steps = [
      createJob(),
      createJob({ progress: { phase: 'brain', done: 1, total: 2, unit: 'pages' } }),
      createJob({ progress: { phase: 'code', done: 1, total: 2, unit: 'bytes' } }),
      createJob({
        progress: { phase: 'check', done: 0, total: 2, unit: 'files' },
        passed: [{ phase: 'code', durationMs: 1 }],
      }),
      createJob({ progress: { phase: 'publish', done: 1, total: 1, unit: 'files' } }),
    ].map((job) => planTrayState(createView({ jobs: [job] })));
    expect(steps.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'running'));
    const numbers = steps.map(({ step }) => step);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers.at(0)).toBe(0);
    expect(numbers.at(-1)).toBe(8);
  });

  test('runs for a restore too, and fails when the engine stops or answers with an error', () => {
    const restoring = createView({ jobs: [createJob({ kind: 'restore', trigger: null })] });
    expect(planTrayState(restoring)).toMatchObject({ state: 'running', headline: 'Restoring …' });
    const stopped = createView({ engineProblem: 'it ended with 9' });
    expect(planTrayState(stopped)).toMatchObject({ state: 'failed' });
    expect(planTrayState(stopped).headline).toContain('it ended with 9');
    const error = { code: 'backups-missing', message: 'The disk "B\u202e" is gone.', hint: '', details: {} } as const;
    expect(planTrayState(createView({ status: null, error }))).toMatchObject({
      state: 'failed',
      headline: 'The disk "B\\u202e" is gone',
    });
  });

  test('asks for the Codex folder before there is one', () => {
    const error = { code: 'root-unset', message: 'No Codex folder is named.', hint: '', details: {} } as const;
    expect(planTrayState(createView({ status: null, error }))).toMatchObject({
      state: 'attention',
      headline: 'Choose your Codex folder',
    });
  });

  test('is a template on macOS, and light on the dark panels of Linux', () => {
    const state = { state: 'running', step: 3, headline: '', toolTip: '' } as const;
    expect(trayIconPath('/icons', state, 'darwin')).toBe('/icons/running-3Template.png');
    expect(trayIconPath('/icons', state, 'linux')).toBe('/icons/linux/running-3.png');
    expect(trayIconPath('/icons', { ...state, state: 'failed' }, 'darwin')).toBe('/icons/failedTemplate.png');
  });
});
