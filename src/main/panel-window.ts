import type { BrowserWindow, Screen } from 'electron';
import { planPanelPlace, type Rectangle } from './window-place.ts';
import { goTo, type WindowMaker } from './windows.ts';

/** The popover under the icon. It is kept when it hides, so that it is there at once the next time. */
export interface PanelWindow {
  /** Shows it beside the icon, or hides it. */
  toggle(icon: Rectangle | undefined): void;
  show(icon: Rectangle | undefined, hash?: string): void;
  hide(): void;
  /** Stays while a dialog of the system takes the focus away. */
  keepWhile<T>(work: () => Promise<T>): Promise<T>;
}

export interface PanelWindowOptions {
  readonly windows: WindowMaker;
  readonly screen: Screen;
  readonly platform: NodeJS.Platform;
  readonly now: () => number;
}

const size = { width: 380, height: 600 };
/** A click on the icon takes the focus away, which hides the panel, before it is told: then it is meant to hide it. */
const sameClickMs = 250;

export function createPanelWindow({ windows, screen, platform, now }: PanelWindowOptions): PanelWindow {
  let window: BrowserWindow | undefined;
  let hiddenMs = Number.NEGATIVE_INFINITY;
  let dialogs = 0;
  const hide = (): void => {
    if (window === undefined || window.isDestroyed() || !window.isVisible()) return;
    hiddenMs = now();
    window.hide();
  };
  const open = (hash: string): BrowserWindow => {
    const opened = windows.open(
      {
        ...size,
        ...(platform === 'darwin' ? { type: 'panel' } : {}),
        frame: false,
        resizable: false,
        movable: false,
        minimizable: false,
        maximizable: false,
        fullscreenable: false,
        skipTaskbar: true,
        alwaysOnTop: true,
      },
      hash,
    );
    if (platform === 'darwin') {
      // The app is of the menu bar only already; to be made so once more would hide its windows for a moment.
      opened.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
    }
    opened.on('blur', () => {
      if (dialogs === 0) hide();
    });
    opened.on('closed', () => {
      window = undefined;
    });
    return opened;
  };
  const show = (icon: Rectangle | undefined, hash?: string): void => {
    const isNew = window === undefined || window.isDestroyed();
    const shown = isNew || window === undefined ? open(hash ?? '') : window;
    window = shown;
    if (!isNew && hash !== undefined) goTo(shown, hash);
    const cursor = screen.getCursorScreenPoint();
    const near = icon === undefined ? cursor : { x: icon.x, y: icon.y };
    const { workArea } = screen.getDisplayNearestPoint(near);
    shown.setBounds(planPanelPlace({ icon, cursor, workArea, size }));
    shown.show();
    shown.focus();
  };
  return {
    toggle: (icon) => {
      if (window !== undefined && !window.isDestroyed() && window.isVisible()) hide();
      else if (now() - hiddenMs > sameClickMs) show(icon);
    },
    show,
    hide,
    keepWhile: async (work) => {
      dialogs += 1;
      try {
        return await work();
      } finally {
        dialogs -= 1;
      }
    },
  };
}
