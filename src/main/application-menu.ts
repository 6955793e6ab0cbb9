import type { MenuItemConstructorOptions } from 'electron';

/** On macOS the keys of editing and closing come from this menu; elsewhere there is none. */
export function planApplicationMenu(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  if (platform !== 'darwin') return null;
  return [
    { role: 'appMenu' },
    { role: 'editMenu' },
    { label: 'Window', submenu: [{ role: 'close' }, { role: 'minimize' }, { role: 'zoom' }] },
  ];
}
