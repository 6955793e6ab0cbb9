import type { NotificationState } from '../../shared/app-bridge.ts';
import type { Settings } from '../../shared/settings.ts';

/** What can be told, in the order of the settings. */
export const noticeLevels: readonly {
  readonly key: keyof Settings['notify'];
  readonly label: string;
  readonly detail: string;
}[] = [
  { key: 'snapshots', label: 'Snapshots', detail: 'Taken by themselves; several within ten minutes are told as one.' },
  { key: 'failed', label: 'Failed backups', detail: 'Once, until it works again.' },
  { key: 'unprotected', label: 'Unprotected memories', detail: 'When what is in no snapshot has grown old.' },
  { key: 'memoryLost', label: 'Missing memories', detail: 'When the Brain has lost some that a snapshot still has.' },
  { key: 'lowSpace', label: 'Low disk space', detail: 'Before snapshots stop.' },
  { key: 'restores', label: 'Restores', detail: 'Done, rolled back, or interrupted.' },
];

/** What to say where the system shows no notifications of the app. */
export function notificationProblem(
  state: NotificationState,
): { readonly title: string; readonly text: string } | undefined {
  switch (state) {
    case 'shown':
      return undefined;
    case 'refused':
      return {
        title: 'The system shows no notifications of this app',
        text: 'The icon in the menu bar tells how things stand. Allow notifications in the settings of the system; an app that is not signed gets none.',
      };
    case 'unsupported':
      return {
        title: 'This system has no notifications',
        text: 'The icon in the menu bar tells how things stand.',
      };
  }
}
