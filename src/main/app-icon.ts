import { app, Menu, nativeImage, screen, Tray } from 'electron';
import type { AppPlaces } from './app-places.ts';
import type { EngineFollower } from './follow-engine.ts';
import { findIconPlace } from './icon-place.ts';
import type { MainLog } from './log.ts';
import { readLoginItem } from './login-item.ts';
import type { Notifier } from './notifier.ts';
import { setUpTray } from './tray.ts';
import { type MenuAction, planTrayMenu } from './tray-menu.ts';
import { planTrayState } from './tray-state.ts';
import type { Rectangle } from './window-place.ts';

/** The icon, and where the user sees it. */
export interface AppIcon {
  /** Where the system says that it is. */
  bounds(): Rectangle | undefined;
  /** Where it is seen; undefined where it isn't. A new one takes a moment to be drawn. */
  place(): Promise<Rectangle | undefined>;
  destroy(): void;
}

export interface AppIconOptions {
  readonly places: AppPlaces;
  readonly log: MainLog;
  readonly follower: EngineFollower;
  readonly notifier: Notifier;
  readonly onClick: () => void;
  readonly onAction: (action: MenuAction) => void;
}

const drawnWithinMs = 1000;
const hiddenAfterMs = 3000;

/** Shows the icon and keeps it up to date. Where there is no place for one, windows have to do. */
export function openAppIcon({ places, log, follower, notifier, onClick, onAction }: AppIconOptions): AppIcon {
  const { platform } = process;
  const tray = setUpTray(
    {
      create: (image) => new Tray(image),
      readImage: (path) => nativeImage.createFromPath(path),
      buildMenu: (items) => Menu.buildFromTemplate(items),
      iconFolder: places.trayIcons,
      platform,
      log,
      menu: () => planTrayMenu({ view: follower.view(), login: readLoginItem(app, platform), now: Date.now() }),
      onClick,
      onAction,
    },
    planTrayState(follower.view()),
  );
  if (tray === undefined) {
    return { bounds: () => undefined, place: async () => undefined, destroy: () => undefined };
  }
  follower.onChange((view) => tray.show(planTrayState(view)));
  const find = (waitMs: number): Promise<Rectangle | undefined> =>
    findIconPlace({ bounds: tray.bounds, displays, waitMs });
  // Linux says nothing of where an icon is: all is zero.
  if (platform === 'darwin' || !isZero(tray.bounds())) void sayWhenHidden(() => find(hiddenAfterMs), log, notifier);
  return {
    bounds: () => {
      const bounds = tray.bounds();
      return isZero(bounds) ? undefined : bounds;
    },
    place: () => find(platform === 'darwin' ? drawnWithinMs : 0),
    destroy: tray.destroy,
  };
}

const displays = (): readonly Rectangle[] => screen.getAllDisplays().map(({ bounds }) => bounds);

const isZero = ({ x, y, width, height }: Rectangle): boolean => [x, y, width, height].every((value) => value === 0);

/** Nobody would find the app behind an icon that the system hides. */
async function sayWhenHidden(find: () => Promise<Rectangle | undefined>, log: MainLog, notifier: Notifier) {
  if ((await find()) !== undefined) return;
  log.warn('The system hides the icon.');
  notifier.show({
    title: 'The icon is hidden',
    body: 'The menu bar has no room for it. Open Codex Auto-Backup again to see the panel in a window.',
    hash: '#/',
  });
}
