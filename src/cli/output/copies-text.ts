import type { Adopted, CopyReport, CopyState, CopyStatus, CopyTest } from '../../shared/copies.ts';
import { escapeControl, formatAge, formatBytes, formatCount, formatDuration } from '../../shared/format.ts';
import type { TextStyle } from './text-style.ts';

/** One block for each copy: its state, what it holds, and what to do. */
export function formatCopies(copies: readonly CopyStatus[], style: TextStyle): string {
  if (copies.length === 0) return 'There are no copies. docs/copies.md says how to set one up.';
  return copies.map((copy) => formatCopy(copy, style)).join('\n\n');
}

export function formatCopyReport(report: CopyReport, style: TextStyle): string {
  const { name, added, removed, sentBytes, linkedBytes, leftOut } = report;
  const shared = linkedBytes > 0 ? `, ${formatBytes(linkedBytes)} were there already` : '';
  return [
    `${name} is ${style.good('in step')}: ${formatCount(added.length, 'snapshot')} added, ${formatBytes(sentBytes)} sent${shared}, in ${formatDuration(report.durationMs)}.`,
    ...(removed.length > 0 ? [`${formatCount(removed.length, 'snapshot')} removed there by its retention.`] : []),
    ...(leftOut.length > 0 ? [`Not copied: ${formatCount(leftOut.length, 'snapshot')} made by v1.5 or damaged.`] : []),
    ...(report.isSafeToRemove ? ['Its disk is safe to remove.'] : []),
  ].join('\n');
}

export function formatCopyTest({ name, place, durationMs, freeBytes, isNew }: CopyTest): string {
  const free = freeBytes === null ? '' : ` ${formatBytes(freeBytes)} are free there.`;
  const marked = isNew ? ' It is set up now.' : '';
  return `${name} works: a file was written to ${escapeControl(place)}, read back and removed in ${formatDuration(durationMs)}.${free}${marked}`;
}

export function formatAdopted({ name, place, root, backups, found, brought, damaged }: Adopted): string {
  return [
    `${formatCount(found.length, 'snapshot')} found in ${escapeControl(place)}; ${brought.length} are in ${escapeControl(backups)} now.`,
    ...(damaged.length > 0 ? [`Damaged, and left there: ${damaged.join(', ')}`] : []),
    ...(name === null ? [] : [`It is the copy "${name}" of the settings from now on.`]),
    `Build Codex in ${escapeControl(root)} from the newest: codex-backup restore latest --only full`,
  ].join('\n');
}

/** `disk: in step, 12 min ago`. */
export function formatCopyLine({ name, state, inStepAt, isRunning }: CopyStatus, style: TextStyle): string {
  const since = inStepAt === null ? ', never was in step' : `, in step ${formatAge(inStepAt, style.now)}`;
  return `${name}: ${paintCopyState(state, style)}${isRunning ? ', at work' : state === 'in step' && inStepAt !== null ? ` since ${formatAge(inStepAt, style.now)}` : since}`;
}

function formatCopy(copy: CopyStatus, style: TextStyle): string {
  const { place, snapshots, bytes, error, isSafeToRemove, isSameDisk, verifiedAt, drill } = copy;
  const hold = snapshots === 0 ? 'nothing yet' : `${formatCount(snapshots, 'snapshot')}, ${formatBytes(bytes)}`;
  const read =
    verifiedAt === null
      ? 'not all of it read back yet'
      : `all of it read back since ${formatAge(verifiedAt, style.now)}`;
  return [
    formatCopyLine(copy, style),
    `  ${escapeControl(place)}: ${hold}, ${read}`,
    ...(drill === null
      ? []
      : [
          `  restored on trial ${formatAge(drill.at, style.now)}: ${drill.ok ? 'it came back' : style.bad('it did not come back')}`,
        ]),
    ...(isSameDisk === true ? [`  ${style.warning('It lies on the disk of the backups, and dies with it.')}`] : []),
    ...(isSafeToRemove ? ['  Its disk is safe to remove.'] : []),
    ...(error === null ? [] : [`  ${escapeControl(error.message)}`, `    ${escapeControl(error.hint)}`]),
  ].join('\n');
}

function paintCopyState(state: CopyState, style: TextStyle): string {
  switch (state) {
    case 'in step':
      return style.good(state);
    case 'behind':
    case 'not there':
      return style.warning(state);
    case 'failing':
      return style.bad(state);
  }
}
