import { expect, test } from 'vitest';
import { headline } from '../../src/shared/headline.ts';
import type { JobKind, JobState } from '../../src/shared/protocol/jobs.ts';
import type { PanelStatus } from '../../src/shared/protocol/status-views.ts';
import { isRestoring, restoringElsewhere } from '../../src/shared/restoring.ts';
import { createStatus } from '../main/support/views.ts';

const holderOf = (what: string): PanelStatus['holder'] => ({
  pid: 7,
  host: 'mac',
  what,
  startedAt: '2026-01-01T00:00:00.000Z',
});
const running = (kind: JobKind) => [{ kind, state: 'running' } as JobState];

test('a restore of another program is told, and nothing can be saved meanwhile', () => {
  for (const [what, words] of [
    ['restore', 'Restoring'],
    ['undo', 'Undoing a restore'],
    ['recover', 'Finishing a restore'],
  ] as const) {
    const status = { holder: holderOf(what), jobs: running('verify') };
    expect(restoringElsewhere(status)).toBe(words);
    expect(isRestoring(status)).toBe(true);
  }
});

test('our own restore is not that of another program', () => {
  const status = { holder: holderOf('restore'), jobs: running('restore') };
  expect(restoringElsewhere(status)).toBeUndefined();
  expect(isRestoring(status)).toBe(true);
});

test('who takes a snapshot, or copies one, restores nothing', () => {
  for (const holder of [null, holderOf('snapshot'), holderOf('copy disk')]) {
    expect(isRestoring({ holder, jobs: running('backUp') })).toBe(false);
  }
});

test('a restore of another program is told while it takes its own snapshot, too', () => {
  const status = createStatus({ state: 'running', holder: holderOf('restore'), jobs: running('verify') });
  expect(headline(status, undefined)).toMatchObject({ state: 'running', title: 'Restoring' });
});
