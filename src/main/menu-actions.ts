import type { PanelClient } from '../shared/protocol/client.ts';
import type { MenuAction } from './tray-menu.ts';

export interface MenuActionOptions {
  readonly client: PanelClient;
  readonly showWindow: (hash?: string) => void;
  readonly showLogs: () => void;
  readonly setStartAtLogin: (isOn: boolean) => void;
  readonly quit: () => void;
  /** What the engine has refused. */
  readonly onFailure: (error: unknown) => void;
}

/** Does what an item of the menu says. */
export function createMenuActions(options: MenuActionOptions): (action: MenuAction) => void {
  const { client, showWindow } = options;
  const act = async (action: MenuAction): Promise<void> => {
    switch (action.kind) {
      case 'backUp':
        await client.call('start', { job: { kind: 'backUp' } });
        break;
      case 'cancel':
        await client.call('cancelJob', { id: action.job });
        break;
      case 'restore':
        showWindow(`#/restore/${action.id}`);
        break;
      case 'browse':
        showWindow(`#/snapshot/${action.id}`);
        break;
      case 'showInFolder':
        await client.call('showInFolder', { id: action.id });
        break;
      case 'pause':
        await client.call('pauseWatching', { minutes: action.minutes });
        break;
      case 'resume':
        await client.call('resumeWatching', {});
        break;
      case 'open':
        showWindow();
        break;
      case 'settings':
        showWindow('#/settings');
        break;
      case 'showLogs':
        options.showLogs();
        break;
      case 'startAtLogin':
        options.setStartAtLogin(action.isOn);
        break;
      case 'quit':
        options.quit();
        break;
    }
  };
  return (action) => void act(action).catch(options.onFailure);
}
