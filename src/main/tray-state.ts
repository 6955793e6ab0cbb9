import { escapeControl } from '../shared/format.ts';
import { headline } from '../shared/headline.ts';
import { jobTitle } from '../shared/job-words.ts';
import type { JobState } from '../shared/protocol/jobs.ts';
import type { ProtectionState } from '../shared/results.ts';
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
  return { state, step, line: `${title}: ${(reason?.message ?? sentence).replace(/\.$/, '')}` };
}

const jobShareOf = (job: JobState | undefined): number => (job === undefined ? 0 : jobShare(job));

function errorLine({ code, message }: NonNullable<AppView['error']>): string {
  return code === 'root-unset' ? 'Choose your Codex folder' : message.replace(/\.$/, '');
}
