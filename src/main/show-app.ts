import type { AppWindows } from './set-up-windows.ts';
import type { Rectangle } from './window-place.ts';

/** Shows the panel where the user looks for it: under the icon, or in a window where no icon can be seen. */
export interface AppShower {
  /** At a start, and at a second one. */
  show(): Promise<void>;
  /** The icon was clicked. */
  toggle(): void;
  /** An address of the panel, in the window. */
  go(hash?: string): void;
}

export interface ShowOptions {
  readonly windows: AppWindows;
  /** Where the icon is seen; undefined where it isn't. */
  readonly iconPlace: () => Promise<Rectangle | undefined>;
  /** Where the system says that the icon is. */
  readonly bounds: () => Rectangle | undefined;
}

export function createAppShower({ windows, iconPlace, bounds }: ShowOptions): AppShower {
  return {
    show: async () => {
      const icon = await iconPlace();
      if (icon === undefined) windows.main.show();
      else windows.panel.show(icon);
    },
    toggle: () => windows.panel.toggle(bounds()),
    go: (hash) => {
      windows.panel.hide();
      windows.main.show(hash);
    },
  };
}
