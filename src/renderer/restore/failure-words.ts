import type { JobState } from '../../shared/protocol/jobs.ts';
import { failedStep } from './run-steps.ts';

/** How a restore that came to nothing is told. */
export interface FailureWords {
  readonly title: string;
  /** What is as it was, and what isn't. */
  readonly lead: string;
  /** The step it failed at; empty where none had begun. */
  readonly step: string;
  readonly cause: string;
  /** What the command wrote last. */
  readonly lastLines: readonly string[];
  /** File or folder of its log; empty where there is none. */
  readonly log: string;
  /** `untouched`: nothing was stopped or moved. `back`: all was put back. `stuck`: not all could be. */
  readonly state: 'untouched' | 'back' | 'stuck';
}

const putBack = ' Everything is as it was before.';
const notStarted = ' But Codex could not be started again: ';
const lastLinesLead = ' Its last lines: ';

/** Takes the sentence of the engine apart, so that the cause can stand first. */
export function failureWords(job: JobState): FailureWords {
  const { error, state } = job;
  const message = error?.message ?? '';
  const end =
    error?.code === 'rollback-failed' ? 'stuck' : error?.code === 'restore-rolled-back' ? 'back' : 'untouched';
  const stuck = /^The restore failed \(([\w-]+): .*\), and not everything could be put back: (.*)$/s.exec(message);
  const [told = '', afterwards = ''] = splitOnce(stuck?.[2] ?? withoutLead(message), notStarted);
  const [cause = '', lines = ''] = splitOnce(told.replace(putBack, ''), lastLinesLead);
  const lead =
    end === 'back' && afterwards !== ''
      ? `Everything is as it was before, but Codex does not run: ${afterwards}`
      : leads[end];
  return {
    title: titleOf(end, state === 'cancelled', job.kind === 'undo' ? 'undo' : 'restore'),
    lead,
    step: failedStep(job) ?? '',
    cause: state === 'cancelled' && /was cancelled/.test(cause) ? '' : cause,
    lastLines: lines === '' ? [] : lines.split(' | '),
    log: logOf(error?.details ?? {}),
    state: end,
  };
}

const leads = {
  untouched: 'Nothing was touched.',
  back: 'Nothing is lost, and Codex was started again if it had run.',
  stuck: 'Nothing was deleted: what was replaced is kept.',
} as const;

function titleOf(state: FailureWords['state'], isCancelled: boolean, what: 'restore' | 'undo'): string {
  if (state === 'stuck') return `The ${what} failed, and not everything could be put back`;
  if (isCancelled)
    return state === 'back' ? 'Cancelled, and everything is as it was' : 'Cancelled before anything was touched';
  return state === 'back' ? `The ${what} failed, and everything is as it was` : `The ${what} could not begin`;
}

const withoutLead = (message: string): string => message.replace(/^The restore failed at the step "[\w-]+": /, '');

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function logOf(details: Readonly<Record<string, unknown>>): string {
  const { log, folder } = details as { log?: unknown; folder?: unknown };
  if (typeof log === 'string') return log;
  return typeof folder === 'string' ? `${folder}/logs` : '';
}
