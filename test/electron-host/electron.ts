import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import {
  dialog,
  Notification,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  screen,
  shell,
  Tray,
} from './desktop-parts.ts';
import { ipcMain } from './ipc-main.ts';
import { Menu } from './menu.ts';
import { nativeImage } from './native-image.ts';
import { protocol, session } from './session.ts';
import { strict } from './strict.ts';
import { utilityProcess } from './utility-process.ts';

// What `import … from 'electron'` and `require('electron')` are in the main process: the parts that the app uses.
const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
} satisfies { [Name in keyof typeof Electron.Main | keyof typeof Electron.Common]?: unknown };

/** Electron's own names, from its declarations: libraries ask for others to find out where they run. */
function readRealNames(): ReadonlySet<string> {
  const file = createRequire(import.meta.url).resolve('electron/electron.d.ts');
  const text = readFileSync(file, 'utf8');
  const names = ['Main', 'Common'].flatMap((space) => {
    const begin = text.indexOf(`namespace ${space} {`);
    const declarations = text.slice(begin, text.indexOf('\n  }', begin));
    return [...declarations.matchAll(/^ {4}(?:const|class) (\w+)/gm)].map(([, name = '']) => name);
  });
  return new Set(names);
}

const required = strict('electron', electron, readRealNames());

export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  required as 'module.exports',
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
};
