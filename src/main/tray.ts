import type { Menu, NativeImage, Tray } from 'electron';
import type { MainLog } from './log.ts';
import { toTemplate } from './menu-template.ts';
import { trayIconPath } from './tray-icon.ts';
import type { MenuAction, MenuGroup } from './tray-menu.ts';
import type { TrayState } from './tray-state.ts';
import type { Rectangle } from './window-place.ts';

/** The icon in the menu bar. */
export interface TrayIcon {
  show(state: TrayState): void;
  /** Where it is; all zero where the system doesn't say. */
  bounds(): Rectangle;
  destroy(): void;
}

export interface TrayOptions {
  readonly create: (image: NativeImage) => Tray;
  readonly readImage: (path: string) => NativeImage;
  readonly buildMenu: (template: ReturnType<typeof toTemplate>) => Menu;
  readonly iconFolder: string;
  readonly platform: NodeJS.Platform;
  readonly log: MainLog;
  readonly menu: () => readonly MenuGroup[];
  readonly onClick: () => void;
  readonly onAction: (action: MenuAction) => void;
}

/** Undefined where there is no place for an icon. */
export function setUpTray(options: TrayOptions, first: TrayState): TrayIcon | undefined {
  try {
    return createIcon(options, first);
  } catch (error) {
    options.log.warn(`There is no place for an icon: ${String(error)}`);
    return undefined;
  }
}

function createIcon(options: TrayOptions, first: TrayState): TrayIcon {
  const { platform } = options;
  const readImage = (state: TrayState): NativeImage =>
    options.readImage(trayIconPath(options.iconFolder, state, platform));
  const buildMenu = (): Menu => options.buildMenu(toTemplate(options.menu(), options.onAction));
  const tray = options.create(readImage(first));
  let shown = { ...first, toolTip: '' };
  let shownMenu = '';
  tray.on('click', options.onClick);
  tray.on('right-click', () => tray.popUpContextMenu(buildMenu()));
  const show = (state: TrayState): void => {
    if (tray.isDestroyed()) return;
    if (state.state !== shown.state || state.step !== shown.step) tray.setImage(readImage(state));
    if (state.toolTip !== shown.toolTip) tray.setToolTip(state.toolTip);
    shown = state;
    // Many a Linux desktop shows a menu that was set, and tells of no click. On macOS it would take the click's place.
    if (platform !== 'darwin') setMenu();
  };
  const setMenu = (): void => {
    const menu = JSON.stringify(options.menu());
    if (menu !== shownMenu) tray.setContextMenu(buildMenu());
    shownMenu = menu;
  };
  show(first);
  return { show, bounds: () => tray.getBounds(), destroy: () => tray.destroy() };
}
