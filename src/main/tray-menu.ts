import { formatAge, formatBytes } from '../shared/format.ts';
import { jobTitle } from '../shared/job-words.ts';
import type { SnapshotRow } from '../shared/protocol/status-views.ts';
import { restoringElsewhere } from '../shared/restoring.ts';
import { triggerWords } from '../shared/words.ts';
import { type AppView, runningBackUp } from './app-view.ts';
import { planTrayState } from './tray-state.ts';

/** What choosing an item does. */
export type MenuAction =
  | { readonly kind: 'backUp' | 'resume' | 'open' | 'settings' | 'showLogs' | 'quit' }
  | { readonly kind: 'cancel'; readonly job: string }
  | { readonly kind: 'restore' | 'showInFolder' | 'browse'; readonly id: string }
  | { readonly kind: 'pause'; readonly minutes: number }
  | { readonly kind: 'startAtLogin'; readonly isOn: boolean };

/** One item, as data; ids are stable. Without an action it only says something. */
export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly action?: MenuAction;
  readonly isChecked?: boolean;
  readonly submenu?: readonly MenuEntry[];
}

/** Items between two separators. */
export type MenuGroup = readonly MenuEntry[];

/** Null where the system has no such thing. */
export type LoginChoice = { readonly isOn: boolean; readonly note: string } | null;

export interface MenuFacts {
  readonly view: AppView;
  readonly login: LoginChoice;
  readonly now: number;
}

const shownSnapshots = 3;
const dayMinutes = 1440;

export function planTrayMenu({ view, login, now }: MenuFacts): readonly MenuGroup[] {
  const isReady = view.status !== null && view.engineProblem === null;
  const groups: readonly MenuGroup[] = [
    [{ id: 'headline', label: planTrayState(view).headline }],
    isReady ? [workItem(view)] : [],
    isReady
      ? (view.snapshots ?? []).slice(0, shownSnapshots).map((row, index) => snapshotItem(row, index + 1, now))
      : [],
    isReady ? watchItems(view, now) : [],
    [
      { id: 'open', label: 'Open Codex Auto-Backup', action: { kind: 'open' } },
      { id: 'settings', label: 'Settings…', action: { kind: 'settings' } },
      { id: 'show-logs', label: 'Show Logs', action: { kind: 'showLogs' } },
      ...loginItems(login),
    ],
    [{ id: 'quit', label: 'Quit', action: { kind: 'quit' } }],
  ];
  return groups.filter((group) => group.length > 0);
}

/** A snapshot is taken, or cancelled; while something else is at work, that is said. */
function workItem({ jobs, status }: AppView): MenuEntry {
  const job = runningBackUp(jobs) ?? jobs[0];
  const restoring = status === null ? undefined : restoringElsewhere(status);
  if (job === undefined && restoring !== undefined) return { id: 'back-up', label: `${restoring} …` };
  if (job === undefined) return { id: 'back-up', label: 'Back Up Now', action: { kind: 'backUp' } };
  const title = jobTitle(job);
  if (job.isCancelling) return { id: 'cancel', label: `${title}: cancelling …` };
  if (!job.canCancel) return { id: 'cancel', label: `${title} …` };
  return { id: 'cancel', label: `Cancel: ${title}`, action: { kind: 'cancel', job: job.id } };
}

function snapshotItem(row: SnapshotRow, number: number, now: number): MenuEntry {
  const { id, createdAt, trigger, status } = row;
  const size = row.brainBytes === null ? 'no Brain' : `Brain ${formatBytes(row.brainBytes)}`;
  const flaw = status === 'damaged' ? ', damaged' : status === 'incomplete' ? ', incomplete' : '';
  return {
    id: `snapshot-${number}`,
    label: `${formatAge(createdAt, now)} (${triggerWords[trigger]}, ${size}${flaw})`,
    submenu: [
      { id: `snapshot-${number}-restore`, label: 'Restore…', action: { kind: 'restore', id } },
      { id: `snapshot-${number}-show-in-folder`, label: 'Show in Folder', action: { kind: 'showInFolder', id } },
      { id: `snapshot-${number}-browse`, label: 'Look Inside', action: { kind: 'browse', id } },
    ],
  };
}

function watchItems({ status }: AppView, now: number): MenuGroup {
  switch (status?.watching.kind) {
    case 'paused':
      return [{ id: 'resume', label: 'Resume Watching', action: { kind: 'resume' } }];
    case 'here':
      return [
        { id: 'pause-hour', label: 'Pause Watching for an Hour', action: { kind: 'pause', minutes: 60 } },
        {
          id: 'pause-tomorrow',
          label: 'Pause Watching until Tomorrow',
          action: { kind: 'pause', minutes: minutesToTomorrow(now) },
        },
      ];
    default:
      return [];
  }
}

/** Until eight in the morning of the next day, in local time. */
function minutesToTomorrow(now: number): number {
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(8, 0, 0, 0);
  return Math.min(dayMinutes, Math.ceil((tomorrow.getTime() - now) / 60_000));
}

function loginItems(login: LoginChoice): MenuGroup {
  if (login === null) return [];
  const { isOn, note } = login;
  const label = note === '' ? 'Start at Login' : `Start at Login (${note})`;
  return [{ id: 'start-at-login', label, isChecked: isOn, action: { kind: 'startAtLogin', isOn: !isOn } }];
}
