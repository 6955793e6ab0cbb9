import type { ErrorReport } from '../../shared/app-error.ts';
import type { PanelStatus } from '../../shared/protocol/status-views.ts';
import { type ErrorWay, errorWay } from './error-ways.ts';
import { links } from './routes.ts';

/** What every view says at its top while it lasts. */
export interface Notice {
  readonly key: string;
  readonly tone: 'attention' | 'failed';
  readonly title: string;
  readonly text: string;
  readonly way: ErrorWay | undefined;
  /** Ends with `acknowledge`. */
  readonly isAlarm: boolean;
}

/** Errors of the state itself that are a condition, and last until somebody does something. */
const lasting: readonly ErrorReport['code'][] = [
  'settings-invalid',
  'settings-newer',
  'backups-missing',
  'backups-unreadable',
  'backups-unwritable',
  'root-missing',
];

/** The worst first. `view` is where the panel is: what a view says by itself is not said above it as well. */
export function standingNotices(
  status: PanelStatus | undefined,
  error: ErrorReport | null,
  view: string,
): readonly Notice[] {
  const shown = error === null ? [] : errorNotices(error);
  return [...shown, ...(status === undefined ? [] : statusNotices(status))].filter((notice) => !isSaidBy(view, notice));
}

function errorNotices(error: ErrorReport): readonly Notice[] {
  if (!lasting.includes(error.code)) return [];
  const { code, message, hint } = error;
  return [{ key: code, tone: 'failed', title: message, text: hint, way: errorWay(code), isAlarm: false }];
}

function statusNotices({ alarm, problems, failing, disk, reasons }: PanelStatus): readonly Notice[] {
  const told = [...(failing === null ? [] : [failing.error]), ...problems].flatMap(errorNotices);
  const once = told.filter((notice, index) => told.findIndex(({ key }) => key === notice.key) === index);
  const backups = reasons.find(({ code }) => code === 'backups-missing');
  const lowSpace = reasons.find(({ code }) => code === 'low-space');
  return [
    ...once,
    ...(backups === undefined || once.length > 0 ? [] : [backupsNotice(backups)]),
    ...(alarm === null ? [] : [alarmNotice(alarm)]),
    ...(lowSpace === undefined ? [] : [lowSpaceNotice(lowSpace.message, disk.trend?.fullInDays ?? null)]),
  ];
}

function backupsNotice({ message, hint }: PanelStatus['reasons'][number]): Notice {
  return {
    key: 'backups-missing',
    tone: 'failed',
    title: message,
    text: hint,
    way: errorWay('backups-missing'),
    isAlarm: false,
  };
}

function alarmNotice({ kind, message, good }: NonNullable<PanelStatus['alarm']>): Notice {
  return {
    key: 'alarm',
    tone: 'attention',
    title: message,
    text:
      kind === 'memory-lost'
        ? 'The snapshot before it still has them, and is pinned. Nothing is cleaned up meanwhile.'
        : 'The good snapshot before it is pinned. Nothing is cleaned up meanwhile.',
    way: { label: 'Look at what is missing', href: links.snapshot(good, 'changes') },
    isAlarm: true,
  };
}

function lowSpaceNotice(message: string, fullInDays: number | null): Notice {
  const soon = fullInDays === null || fullInDays > 30 ? '' : ` At this rate it is full in ${fullInDays} days.`;
  return {
    key: 'low-space',
    tone: 'attention',
    title: message,
    text: `No automatic snapshot is taken until there is more.${soon}`,
    way: errorWay('low-space'),
    isAlarm: false,
  };
}

/** The overview tells every cause; Clean up tells the alarm, and is the way to more space; a flow has its own matter. */
function isSaidBy(view: string, { isAlarm, key, way }: Notice): boolean {
  if (view === '' || view === 'first-run') return true;
  if (view === 'settings' && key === 'settings-invalid') return true;
  return view === 'clean-up' && (isAlarm || way?.href === links.cleanUp());
}
