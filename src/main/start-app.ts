import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import type { AppPlaces } from './app-places.ts';
import { serveAppPages } from './app-protocol.ts';
import { findExecutable, planAppRecord } from './app-record.ts';
import { planApplicationMenu } from './application-menu.ts';
import { setUpBridge } from './bridge.ts';
import { answerDownload } from './downloads.ts';
import { type EngineLink, openEngineLink } from './engine-link.ts';
import { issueFolderTicket } from './engine-questions.ts';
import { setUpFolderChoice } from './folder-choice.ts';
import type { LaunchRequest } from './launch-request.ts';
import type { MainLog } from './log.ts';
import { readLoginItem, setLoginItem } from './login-item.ts';
import { createMainWindow } from './main-window.ts';
import { createMenuActions } from './menu-actions.ts';
import { createPanelWindow } from './panel-window.ts';
import { denyPermissions } from './permissions.ts';
import { setUpPower } from './power.ts';
import { setUpQuit } from './quit.ts';
import { setUpTray } from './tray.ts';
import { planTrayMenu } from './tray-menu.ts';
import { planTrayState } from './tray-state.ts';
import { createWindowMaker } from './windows.ts';

export interface RunningApp {
  /** What this start asks for, or a later one. */
  take(request: LaunchRequest): void;
}

export interface StartOptions {
  readonly places: AppPlaces;
  readonly log: MainLog;
}

const { platform } = process;

/** Everything that needs Electron to be ready, in order. */
export function startApp({ places, log }: StartOptions): RunningApp {
  const onFailure = (error: unknown): void => log.error(error instanceof Error ? `${error.stack}` : String(error));
  const link = openLink(places, log);
  const { client, follower, engine, questions, relay } = link;
  denyPermissions(session.defaultSession);
  serveAppPages(protocol, {
    folder: places.renderer,
    download: (ticket) => answerDownload(questions, engine.post, ticket),
    onDefect: onFailure,
  });
  const windows = createWindowMaker({
    create: (options) => new BrowserWindow(options),
    preload: places.preload,
    onPageGone: relay.forget,
    onCrash: (why) => log.error(why),
  });
  const panel = createPanelWindow({ windows, screen, platform, now: () => performance.now() });
  const main = createMainWindow(windows);
  setUpBridge(ipcMain, { relay, log, isOurs: windows.isOurs });
  setUpFolderChoice(ipcMain, {
    dialog,
    windowOf: windows.find,
    issueTicket: (path) => issueFolderTicket(questions, path),
  });
  const template = planApplicationMenu(platform);
  Menu.setApplicationMenu(template === null ? null : Menu.buildFromTemplate(template));
  const act = createMenuActions({
    client,
    showWindow: main.show,
    showLogs: () => void shell.openPath(places.logs),
    setStartAtLogin: (isOn) => setLoginItem(app, platform, isOn),
    quit: () => app.quit(),
    onFailure,
  });
  const tray = setUpTray(
    {
      create: (image) => new Tray(image),
      readImage: (path) => nativeImage.createFromPath(path),
      buildMenu: (items) => Menu.buildFromTemplate(items),
      iconFolder: places.trayIcons,
      platform,
      log,
      menu: () => planTrayMenu({ view: follower.view(), login: readLoginItem(app, platform), now: Date.now() }),
      onClick: panel.toggle,
      onAction: act,
    },
    planTrayState(follower.view()),
  );
  follower.onChange((view) => tray?.show(planTrayState(view)));
  const quit = setUpQuit({
    app,
    view: follower.view,
    onChange: follower.onChange,
    engine,
    log,
    tellWaiting: () => undefined,
    onEnd: () => tray?.destroy(),
  });
  setUpPower({
    powerMonitor,
    powerSaveBlocker,
    onChange: follower.onChange,
    wake: () => engine.post({ kind: 'wake' }),
    endSafely: quit.endSafely,
  });
  return { take: (request) => void take(request) };

  async function take(request: LaunchRequest): Promise<void> {
    if (request.kind === 'backUp') act({ kind: 'backUp' });
    else if (request.kind === 'restore') act({ kind: 'restore', id: request.id });
    else if (request.kind === 'show' && tray === undefined) main.show();
    else if (request.kind === 'show') panel.show(tray?.bounds());
  }
}

function openLink(places: AppPlaces, log: MainLog): EngineLink {
  const record = planAppRecord({
    executable: findExecutable(process.execPath, process.env),
    arguments: process.argv.slice(1),
    pid: process.pid,
    startedMs: Date.now(),
  });
  return openEngineLink({
    fork: () =>
      utilityProcess.fork(places.engineEntry, [], {
        serviceName: 'Codex Auto-Backup Engine',
        env: { ...process.env, CODEX_BACKUP_HOME: places.home },
        stdio: 'ignore',
      }),
    begin: () => ({ kind: 'start', mainPid: process.pid, record }),
    log,
    showPath: (path) => shell.showItemInFolder(path),
    onLost: () => undefined,
  });
}
