import type { BrowserWindow } from 'electron';
import { goTo, type WindowMaker } from './windows.ts';

/** The panel in a window of the usual kind: for long work, and where there is no icon to click on. */
export interface MainWindow {
  show(hash?: string): void;
}

export function createMainWindow(windows: WindowMaker): MainWindow {
  let window: BrowserWindow | undefined;
  return {
    show: (hash) => {
      if (window === undefined || window.isDestroyed()) {
        const opened = windows.open({ width: 1040, height: 720, minWidth: 380, minHeight: 480 }, hash ?? '');
        opened.once('ready-to-show', () => opened.show());
        opened.on('closed', () => {
          window = undefined;
        });
        window = opened;
        return;
      }
      if (hash !== undefined) goTo(window, hash);
      window.show();
      window.focus();
    },
  };
}
