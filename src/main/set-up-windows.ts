import { BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session } from 'electron';
import { ipcChannels } from '../shared/app-bridge.ts';
import type { AppPlaces } from './app-places.ts';
import { serveAppPages } from './app-protocol.ts';
import { planApplicationMenu } from './application-menu.ts';
import { isTrusted, setUpBridge } from './bridge.ts';
import { answerDownload } from './downloads.ts';
import type { EngineLink } from './engine-link.ts';
import { issueFolderTicket } from './engine-questions.ts';
import { setUpFolderChoice } from './folder-choice.ts';
import type { MainLog } from './log.ts';
import { createMainWindow, type MainWindow } from './main-window.ts';
import type { Notifier } from './notifier.ts';
import { createPanelWindow, type PanelWindow } from './panel-window.ts';
import { denyPermissions } from './permissions.ts';
import { createWindowMaker } from './windows.ts';

export interface AppWindows {
  readonly panel: PanelWindow;
  readonly main: MainWindow;
}

export interface WindowSetUp {
  readonly places: AppPlaces;
  readonly link: EngineLink;
  readonly log: MainLog;
  readonly notifications: Notifier['state'];
}

/** The windows of the app, the pages in them, and what these may ask of main. */
export function setUpWindows({ places, link, log, notifications }: WindowSetUp): AppWindows {
  const { relay, questions, engine } = link;
  const { platform } = process;
  denyPermissions(session.defaultSession);
  serveAppPages(protocol, {
    folder: places.renderer,
    download: (ticket) => answerDownload(questions, engine.post, ticket),
    onDefect: (error) => log.error(String(error)),
  });
  const windows = createWindowMaker({
    create: (options) => new BrowserWindow(options),
    preload: places.preload,
    onPageGone: relay.forget,
    onCrash: (why) => log.error(why),
  });
  const panel = createPanelWindow({ windows, screen, platform, now: () => performance.now() });
  setUpBridge(ipcMain, { relay, log, isOurs: windows.isOurs });
  setUpFolderChoice(ipcMain, {
    dialog,
    windowOf: windows.find,
    whileOpen: panel.keepWhile,
    issueTicket: (path) => issueFolderTicket(questions, path),
  });
  ipcMain.handle(ipcChannels.notifications, (event) => {
    if (!isTrusted(event, windows.isOurs)) throw new Error('No window of ours asks for this.');
    return notifications();
  });
  const template = planApplicationMenu(platform);
  Menu.setApplicationMenu(template === null ? null : Menu.buildFromTemplate(template));
  return { panel, main: createMainWindow(windows) };
}
