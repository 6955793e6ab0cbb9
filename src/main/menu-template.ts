import type { MenuItemConstructorOptions } from 'electron';
import type { MenuAction, MenuEntry, MenuGroup } from './tray-menu.ts';

/** The planned menu as Electron takes it. */
export function toTemplate(
  groups: readonly MenuGroup[],
  onAction: (action: MenuAction) => void,
): MenuItemConstructorOptions[] {
  return groups.flatMap((group, index) => [
    ...(index === 0 ? [] : [{ type: 'separator' as const }]),
    ...group.map((entry) => toItem(entry, onAction)),
  ]);
}

function toItem(entry: MenuEntry, onAction: (action: MenuAction) => void): MenuItemConstructorOptions {
  const { id, label, action, isChecked, submenu } = entry;
  return {
    id,
    // Windows and Linux would take an ampersand for the mark of a key.
    label: label.replaceAll('&', '&&'),
    enabled: action !== undefined || submenu !== undefined,
    ...(isChecked === undefined ? {} : { type: 'checkbox' as const, checked: isChecked }),
    ...(submenu === undefined ? {} : { submenu: submenu.map((inner) => toItem(inner, onAction)) }),
    ...(action === undefined ? {} : { click: () => onAction(action) }),
  };
}
