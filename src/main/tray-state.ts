import { escapeControl } from '../shared/format.ts';
import { headline } from '../shared/headline.ts';
import { jobTitle } from '../shared/job-words.ts';
import type { JobState } from '../shared/protocol/jobs.ts';
import type { ProtectionState, ReasonCode } from '../shared/results.ts';
import { type AppView, runningBackUp } from './app-view.ts';
import { jobShare } from './job-share.ts';

/** What the icon shows. */
export interface TrayState {
  readonly state: ProtectionState;
  /** Of `running`: 0 to 8. */
  readonly step: number;
  /** The state and what would be lost now, in one line. */
  readonly headline: string;
  readonly toolTip: string;
}

const steps = 8;
const name = 'Codex Auto-Backup';

export function planTrayState(view: AppView): TrayState {
  const { state, step = 0, line } = lineOf(view);
  const shown = escapeControl(line);
  return { state, step, headline: shown, toolTip: `${name}: ${shown}` };
}

interface Line {
  readonly state: ProtectionState;
  readonly step?: number;
  readonly line: string;
}

function lineOf({ status, error, jobs, engineProblem }: AppView): Line {
  if (engineProblem !== null)
    return { state: 'failed', line: `The engine stopped (${engineProblem}); it is started again` };
  if (error !== null) return { state: error.code === 'root-unset' ? 'attention' : 'failed', line: errorLine(error) };
  if (status === null) return { state: 'attention', line: 'Starting …' };
  const backUp = runningBackUp(jobs);
  const other = jobs.find((job) => job !== backUp);
  const step = Math.round(jobShareOf(backUp ?? other) * steps);
  if (backUp === undefined && other !== undefined) return { state: 'running', step, line: `${jobTitle(other)} …` };
  const { state, title, sentence } = headline(status, backUp);
  // What asks for attention is no danger yet: the cause says more than what would be lost.
  const [reason] = state === 'attention' ? status.reasons : [];
  return { state, step, line: `${title}: ${reason === undefined ? withoutStop(sentence) : causes[reason.code]}` };
}

/** Shorter than the panel says it: a menu is narrow. */
const causes: Readonly<Record<ReasonCode, string>> = {
  'backups-missing': 'the backups folder is gone',
  'attempt-failed': 'the last backup failed',
  'no-good-brain': 'no good copy of the Brain exists',
  'brain-copy-damaged': 'the last copy of the Brain is damaged',
  unsaved: 'new memories are in no snapshot',
  alarm: 'memories are missing',
  'alarm-unreadable': 'an alarm can not be read',
  'restore-interrupted': 'a restore was interrupted',
  'look-failed': 'the Brain can not be read',
  'snapshot-incomplete': 'the last snapshot is incomplete',
  'snapshot-damaged': 'a snapshot is damaged',
  'drill-failed': 'the last trial restore failed',
  'low-space': 'the disk is almost full',
  'coverage-open': 'parts of Codex are in no snapshot',
};

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

const jobShareOf = (job: JobState | undefined): number => (job === undefined ? 0 : jobShare(job));

function errorLine({ code, message }: NonNullable<AppView['error']>): string {
  return code === 'root-unset' ? 'Choose your Codex folder' : withoutStop(message);
}
