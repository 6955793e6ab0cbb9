import { formatExposure } from '../../shared/exposure-text.ts';
import { escapeControl, formatAge, formatBytes, formatCount, formatDuration } from '../../shared/format.ts';
import { formatFullIn } from '../../shared/full-disk-text.ts';
import type { ProtectionState, Status, WatcherStatus } from '../../shared/results.ts';
import { formatCopyLine } from './copies-text.ts';
import { formatPairs } from './sections.ts';
import type { TextStyle } from './text-style.ts';
import { formatLocalTime } from './time-text.ts';

/** The state and what would be lost now as the headline, then why, then the facts. */
export function formatStatus(status: Status, style: TextStyle): string {
  const reasons = status.reasons.flatMap(({ message, hint }) => [
    `  ${escapeControl(message)}`,
    ...(hint === '' ? [] : [`    ${escapeControl(hint)}`]),
  ]);
  const headline = `${paintState(status.state, style)}: ${formatExposure(status.exposure)}`;
  return [headline, ...reasons, '', ...formatPairs(facts(status, style), style)].join('\n');
}

function facts({ last, disk, holder, ...status }: Status, style: TextStyle): (readonly [string, string])[] {
  const lastText =
    last === null
      ? 'none'
      : `${formatLocalTime(last.createdAt)} (${formatAge(last.createdAt, style.now)}), ${last.trigger}, ${last.status}`;
  const shared = disk.sharedBytes > 0 ? `, ${formatBytes(disk.sharedBytes)} saved by sharing` : '';
  return [
    ['root', escapeControl(status.root)],
    ['backups', escapeControl(status.backups)],
    ['last', lastText],
    ['baseline', escapeControl(status.baseline ?? 'none')],
    ['watcher', escapeControl(watcherText(status.watcher, style))],
    ['snapshots', formatCount(status.snapshots, 'snapshot')],
    ['last drill', status.lastDrill === null ? 'none' : formatLastDrill(status.lastDrill, style)],
    ['disk', `${formatBytes(disk.usedBytes)} used${shared}, ${formatBytes(disk.freeBytes)} free`],
    ['trend', formatTrend(disk.trend)],
    ...status.copies.map((copy) => ['copy', formatCopyLine(copy, style)] as const),
    ['3-2-1', formatSpread(status.spread)],
    ['at work', holder === null ? '' : escapeControl(`${holder.what}, process ${holder.pid} on ${holder.host}`)],
  ];
}

/** Three copies on two disks, one of them elsewhere. */
function formatSpread({ copies, disks, elsewhere }: Status['spread']): string {
  const missing = [
    ...(copies < 3 ? ['a third copy'] : []),
    ...(disks < 2 ? ['a second disk'] : []),
    ...(elsewhere < 1 ? ['one in another place'] : []),
  ];
  return missing.length === 0 ? 'met' : `missing: ${missing.join(', ')}; see docs/copies.md`;
}

function formatLastDrill(drill: NonNullable<Status['lastDrill']>, style: TextStyle): string {
  const result = drill.ok ? `back in ${formatDuration(drill.durationMs)}` : style.bad('it did not come back');
  return `${formatAge(drill.at, style.now)}, ${result}`;
}

function watcherText(watcher: WatcherStatus | null, style: TextStyle): string {
  if (watcher?.running !== true) return 'none: run "codex-backup watch"';
  const { holder, lastLookAt, growthBytes, thresholdBytes } = watcher;
  const looked = lastLookAt === null ? '' : `, looked ${formatAge(lastLookAt, style.now)}`;
  return `process ${holder?.pid ?? '?'}${looked}, growth ${formatBytes(growthBytes)} of ${formatBytes(thresholdBytes)}`;
}

function formatTrend(trend: Status['disk']['trend']): string {
  if (trend === null || trend.bytesPerWeek === 0) return '';
  const { bytesPerWeek, fullInDays } = trend;
  const end = fullInDays === null ? '' : `, ${formatFullIn(fullInDays)}`;
  return `${formatBytes(bytesPerWeek)} a week${end}`;
}

function paintState(state: ProtectionState, style: TextStyle): string {
  switch (state) {
    case 'protected':
    case 'running':
      return style.good(state);
    case 'attention':
      return style.warning(state);
    case 'unprotected':
    case 'failed':
      return style.bad(state);
  }
}
