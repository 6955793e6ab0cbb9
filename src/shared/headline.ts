import { formatExposure } from './exposure-text.ts';
import { escapeControl, formatNumber } from './format.ts';
import { phaseWord } from './job-words.ts';
import type { JobState } from './protocol/jobs.ts';
import type { PanelStatus } from './protocol/status-views.ts';
import { restoringElsewhere } from './restoring.ts';
import type { ProtectionState } from './results.ts';
import { capitalise, stateWords } from './words.ts';

export interface Headline {
  readonly state: ProtectionState;
  readonly title: string;
  /** What would be lost now, or what is being done. */
  readonly sentence: string;
}

/** The state in one word and one sentence. A snapshot that is being taken, and a restore of another program, come first. */
export function headline(status: PanelStatus, job: JobState | undefined): Headline {
  if (job !== undefined) return { state: 'running', title: 'Backing up', sentence: jobSentence(job) };
  // It takes a snapshot itself, before it changes anything.
  const restoring = restoringElsewhere(status);
  if (restoring !== undefined) return { state: 'running', title: restoring, sentence: restoreSentence };
  if (status.state === 'running') return { state: 'running', title: stateWords.running, sentence: elsewhere(status) };
  const title = status.state === 'failed' ? 'Last backup failed' : stateWords[status.state];
  return { state: status.state, title, sentence: exposureSentence(status) };
}

const restoreSentence = 'Another program does it, or asks whether it may. Snapshots go on afterwards.';

function jobSentence({ trigger, isCancelling, progress }: JobState): string {
  if (isCancelling) return 'Cancelling. Nothing of it will be left.';
  const why = trigger === 'growth' ? 'The Brain has grown.' : trigger === 'change' ? 'The Brain has changed.' : '';
  return why === '' ? `${progress === null ? 'Starting' : phaseWord(progress.phase)}.` : why;
}

function elsewhere({ holder }: PanelStatus): string {
  return holder === null ? 'A snapshot is being taken.' : `${capitalise(holder.what)}, by another program.`;
}

function exposureSentence({ state, exposure, snapshots }: PanelStatus): string {
  if (snapshots === 0) return 'There is no snapshot yet.';
  if (exposure === null) return 'What would be lost now is not known.';
  const isSafe = exposure.milliseconds !== null && exposure.bytes <= 0 && exposure.rows.every(({ rows }) => rows <= 0);
  if (isSafe) return 'Every memory is in a snapshot.';
  // The time since the last snapshot stands below.
  if (state !== 'protected') return `${capitalise(formatExposure(exposure))}.`;
  const made = exposure.rows
    .filter(({ rows }) => rows > 0)
    .map(({ table, rows }) => `${formatNumber(rows)} ${escapeControl(table)}`);
  const what = made[0] ?? 'New memories';
  return `${made.length > 1 ? `${what} and more` : what} wait for the next snapshot.`;
}
