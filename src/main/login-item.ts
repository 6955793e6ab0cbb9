import type { App } from 'electron';
import type { LoginChoice } from './tray-menu.ts';

/** What the system says of starting at login: null on Linux, where Electron has no such thing. */
export function readLoginItem(app: App, platform: NodeJS.Platform): LoginChoice {
  if (platform !== 'darwin') return null;
  const { openAtLogin, status } = app.getLoginItemSettings();
  return { isOn: openAtLogin, note: status === 'requires-approval' ? 'allow it in System Settings' : '' };
}

/** Answers what the system made of it: an app that isn't signed may be refused without a word. */
export function setLoginItem(app: App, platform: NodeJS.Platform, isOn: boolean): LoginChoice {
  app.setLoginItemSettings({ openAtLogin: isOn });
  const choice = readLoginItem(app, platform);
  return choice !== null && isOn && !choice.isOn && choice.note === ''
    ? { ...choice, note: 'the system refused' }
    : choice;
}

/** Whether the system has started the app by itself, after the user has logged in; known once Electron is ready. */
export function wasOpenedAtLogin(app: Pick<App, 'getLoginItemSettings'>, platform: NodeJS.Platform): boolean {
  return platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}
