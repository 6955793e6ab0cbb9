import { formatAge, formatCount, formatDuration } from '../../shared/format.ts';
import { headline } from '../../shared/headline.ts';
import { progressShare } from '../../shared/progress.ts';
import type { JobState } from '../../shared/protocol/jobs.ts';
import type { PanelStatus } from '../../shared/protocol/status-views.ts';
import { capitalise } from '../../shared/words.ts';
import { useViewFocus } from '../app/view.tsx';
import { useNow } from '../components/use-now.ts';
import { formatExact } from '../format/time.ts';
import { Shield } from '../icons/shield.tsx';
import './state-header.css';

/** Shield, state, one sentence, one line of times; never more. */
export function StateHeader({ status, job }: { status: PanelStatus; job: JobState | undefined }) {
  const { state, title, sentence } = headline(status, job);
  const heading = useViewFocus(title);
  const isUrgent = state === 'unprotected' || state === 'failed';
  return (
    <header className="state-header">
      <Shield state={state} level={progressShare(job?.progress ?? null)} />
      <div className="state-words">
        <h1 ref={heading} tabIndex={-1} className="title2">
          {title}
        </h1>
        <p role={isUrgent ? 'alert' : 'status'}>{sentence}</p>
        <Times status={status} />
      </div>
    </header>
  );
}

function Times({ status }: { status: PanelStatus }) {
  const now = useNow(1000);
  const { last, failing } = status;
  const parts = [
    last === null ? null : (
      <span key="last">
        Last snapshot{' '}
        <time dateTime={last.createdAt} title={formatExact(last.createdAt)}>
          {formatAge(last.createdAt, now)}
        </time>
      </span>
    ),
    failing === null ? null : <span key="tried">{formatCount(failing.attempts, 'attempt')}</span>,
    <span key="next">{last === null ? capitalise(nextText(status, now)) : nextText(status, now)}</span>,
  ].filter((part) => part !== null);
  return (
    <p className="state-times">
      {parts.map((part, index) => (
        <span key={part.key}>
          {index > 0 ? <span className="state-dot"> · </span> : null}
          {part}
        </span>
      ))}
    </p>
  );
}

/** When something happens by itself. */
function nextText({ failing, watcher, watching }: PanelStatus, now: number): string {
  if (watching.kind === 'paused') return 'watching is paused';
  if (failing !== null) return `next ${soon(failing.nextAttemptAt, now)}`;
  if (watcher?.running !== true) return 'nobody watches the Brain';
  return watcher.nextLookAt === null ? 'watching' : `next look ${soon(watcher.nextLookAt, now)}`;
}

function soon(iso: string, now: number): string {
  const left = Date.parse(iso) - now;
  if (left < 1000) return 'now';
  return `in ${left < 60_000 ? `${Math.round(left / 1000)} s` : formatDuration(left)}`;
}
