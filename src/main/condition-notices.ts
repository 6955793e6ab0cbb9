import { formatExposure } from '../shared/exposure-text.ts';
import type { PanelStatus } from '../shared/protocol/status-views.ts';
import { capitalise } from '../shared/words.ts';
import type { AppView } from './app-view.ts';
import type { Notice } from './notice.ts';

/** What lasts, and is told once while it does. */
export type Condition = 'failed' | 'unprotected' | 'memoryLost' | 'lowSpace';

export interface ConditionPlan {
  /** Those that last now, and have been told. */
  readonly told: ReadonlySet<Condition>;
  readonly notices: readonly Notice[];
}

/** Which conditions have begun since the last time. While a snapshot is taken nothing is known to be over. */
export function planConditionNotices(told: ReadonlySet<Condition>, { status, error }: AppView): ConditionPlan {
  if (status === null) return planWithoutStatus(told, error);
  const found = findConditions(status);
  const isUnsettled = status.state === 'running';
  const lasting = isUnsettled ? [...told, ...found.keys()] : [...found.keys()];
  return {
    told: new Set(lasting),
    notices: [...found].flatMap(([condition, notice]) => (told.has(condition) ? [] : [notice])),
  };
}

/** The engine answers, but can't say how things stand: a disk that is gone, settings that can't be read. */
function planWithoutStatus(told: ReadonlySet<Condition>, error: AppView['error']): ConditionPlan {
  if (error === null || error.code === 'root-unset') return { told, notices: [] };
  const notice = failed(error.message, error.hint);
  return { told: new Set([...told, 'failed']), notices: told.has('failed') ? [] : [notice] };
}

function findConditions(status: PanelStatus): ReadonlyMap<Condition, Notice> {
  const { state, alarm, failing, reasons, exposure, snapshots } = status;
  const found = new Map<Condition, Notice>();
  const reason = (...codes: readonly string[]) => reasons.find(({ code }) => codes.includes(code));
  const failure = failing?.error ?? reason('attempt-failed', 'backups-missing');
  if (failure !== undefined) found.set('failed', failed(failure.message, failure.hint));
  // Before the first snapshot the panel leads through the set-up.
  if (state === 'unprotected' && snapshots > 0) {
    const body = `${capitalise(reason('no-good-brain', 'unsaved')?.message ?? formatExposure(exposure))}`;
    found.set('unprotected', { kind: 'unprotected', title: 'Your memories are unprotected', body, hash: '#/' });
  }
  if (alarm?.kind === 'memory-lost') {
    const hash = `#/snapshot/${alarm.good}/changes`;
    found.set('memoryLost', { kind: 'memoryLost', title: 'Memories are missing', body: alarm.message, hash });
  }
  const space = reason('low-space');
  if (space !== undefined) {
    found.set('lowSpace', {
      kind: 'lowSpace',
      title: 'The disk is almost full',
      body: space.message,
      hash: '#/clean-up',
    });
  }
  return found;
}

const failed = (message: string, hint: string): Notice => ({
  kind: 'failed',
  title: 'Backing up failed',
  body: `${message} ${hint}`.trim(),
  hash: '#/',
});
