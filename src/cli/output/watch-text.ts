import { escapeControl, formatBytes, formatCount, formatDuration } from '../../shared/format.ts';
import type { WatchEvent, WatchSummary } from '../../shared/watch-events.ts';
import { formatLocalTime } from './time-text.ts';

/** One line with its time; empty for a look, which is worth none. */
export function formatWatchEvent(event: WatchEvent): string {
  const text = describe(event);
  return text === '' ? '' : `${formatLocalTime(event.at)}  ${escapeControl(text)}`;
}

export function formatWatchSummary({ looks, snapshots, failures }: WatchSummary): string {
  const failed = failures === 0 ? '' : `, ${formatCount(failures, 'failed attempt')}`;
  return `Watched: ${formatCount(looks, 'look')}, ${formatCount(snapshots.length, 'snapshot')}${failed}.`;
}

function describe(event: WatchEvent): string {
  switch (event.kind) {
    case 'started':
      return `Watching ${event.root} every ${event.intervalSeconds} s; snapshots go to ${event.backups}.`;
    case 'look':
      return '';
    case 'skipped':
      return `Not looked: ${event.reason}`;
    case 'clock':
      return event.lateMs < 0
        ? `The clock was set back by ${formatDuration(-event.lateMs)}.`
        : `The look comes ${formatDuration(event.lateMs)} late: the machine slept, or its clock was set.`;
    case 'replaced':
      return event.message;
    case 'problem':
      return `${event.error.message} ${event.error.hint}`.trim();
    case 'solved':
      return `Solved: ${event.code}.`;
    case 'begin':
      return `Taking a snapshot (${event.trigger}): ${event.why}.`;
    case 'snapshot':
      return `Snapshot ${event.snapshot.id}: ${event.snapshot.status}.`;
    case 'alarm':
      return `ALARM: ${event.alarm.message} ${event.alarm.good} has them. "codex-backup acknowledge" ends the alarm.`;
    case 'checking':
      return '';
    case 'checked':
      return formatChecked(event);
    case 'copying':
      return '';
    case 'copied':
      return formatCopied(event);
    case 'copy-checked':
      return formatCopyChecked(event);
    case 'copy-failed':
      return `The copy ${event.copy} is not in step: ${event.error.message} ${event.error.hint}`.trim();
    case 'busy':
      return `Not now: ${event.message}`;
    case 'failed':
      return `Attempt ${event.attempts} failed: ${event.error.message} Next try at ${formatLocalTime(event.nextAttemptAt)}.`;
    case 'ended':
      return 'The watch has ended.';
  }
}

function formatCopied({
  copy,
  snapshots,
  sentBytes,
  isSafeToRemove,
}: Extract<WatchEvent, { readonly kind: 'copied' }>) {
  const safe = isSafeToRemove ? ' Its disk is safe to remove.' : '';
  return `The copy ${copy} is in step: ${formatCount(snapshots, 'snapshot')} added, ${formatBytes(sentBytes)} sent.${safe}`;
}

function formatCopyChecked({
  copy,
  check,
  ok,
  problem,
}: Extract<WatchEvent, { readonly kind: 'copy-checked' }>): string {
  if (check === 'verify')
    return ok ? `Read a part of the copy ${copy} back.` : `The copy ${copy} is damaged: ${problem}.`;
  return ok ? `Restored from the copy ${copy} on trial.` : `The drill from the copy ${copy} failed: ${problem}.`;
}

function formatChecked({ check, snapshot, ok, problem }: Extract<WatchEvent, { readonly kind: 'checked' }>): string {
  if (check === 'verify') return ok ? `Verified ${snapshot}.` : `${snapshot} is damaged: ${problem}.`;
  return ok ? `Restored ${snapshot} on trial.` : `The drill of ${snapshot} failed: ${problem}.`;
}
