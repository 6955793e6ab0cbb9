import type { Notification, NotificationConstructorOptions } from 'electron';
import type { NotificationState } from '../shared/app-bridge.ts';
import { escapeControl } from '../shared/format.ts';
import type { MainLog } from './log.ts';
import type { Notice } from './notice.ts';

export interface Notifier {
  show(notice: Pick<Notice, 'title' | 'body' | 'hash'>): void;
  /** Whether the system shows them: asked by the settings. */
  state(): NotificationState;
}

export interface NotifierOptions {
  readonly isSupported: () => boolean;
  readonly create: (options: NotificationConstructorOptions) => Notification;
  readonly onClick: (hash: string) => void;
  readonly log: MainLog;
}

const longestBody = 240;

/** Shows notices by the system. Where it refuses, as for an app that is not signed, the icon has to do. */
export function createNotifier({ isSupported, create, onClick, log }: NotifierOptions): Notifier {
  // Those on the screen: one that nobody refers to would be collected, and its click lost.
  const shown = new Set<Notification>();
  let state: NotificationState = isSupported() ? 'shown' : 'unsupported';
  return {
    show: ({ title, body, hash }) => {
      log.info(`Tells: ${title}. ${body}`);
      if (state === 'unsupported') return;
      const notification = create({ title: escapeControl(title), body: escapeControl(body).slice(0, longestBody) });
      shown.add(notification);
      const forget = (): void => void shown.delete(notification);
      notification.on('show', () => {
        state = 'shown';
      });
      notification.on('click', () => {
        forget();
        onClick(hash);
      });
      notification.on('close', forget);
      notification.on('failed', (_event, error) => {
        state = 'refused';
        log.warn(`The system refused a notification: ${error}`);
        forget();
      });
      notification.show();
    },
    state: () => state,
  };
}
