import type { AppIcon } from './app-icon.ts';
import type { AppWindows } from './set-up-windows.ts';

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
  readonly icon: () => Pick<AppIcon, 'place' | 'bounds'>;
}

export function createAppShower({ windows, icon }: ShowOptions): AppShower {
  return {
    show: async () => {
      const place = await icon().place();
      if (place === undefined) windows.main.show();
      else windows.panel.show(place);
    },
    toggle: () => windows.panel.toggle(icon().bounds()),
    go: (hash) => {
      windows.panel.hide();
      windows.main.show(hash);
    },
  };
}
