import {
  app,
  dialog,
  Menu,
  Notification,
  nativeImage,
  powerMonitor,
  powerSaveBlocker,
  screen,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import type { AppPlaces } from './app-places.ts';
import { findExecutable, planAppRecord } from './app-record.ts';
import { type EngineLink, openEngineLink } from './engine-link.ts';
import { finishInterrupted } from './finish-interrupted.ts';
import { findIconPlace } from './icon-place.ts';
import type { LaunchRequest } from './launch-request.ts';
import type { MainLog } from './log.ts';
import { readLoginItem, setLoginItem } from './login-item.ts';
import { createMenuActions } from './menu-actions.ts';
import { createNotices } from './notices.ts';
import { createNotifier, type Notifier } from './notifier.ts';
import { setUpPower } from './power.ts';
import { setUpQuit } from './quit.ts';
import { setUpWindows } from './set-up-windows.ts';
import { type AppShower, createAppShower } from './show-app.ts';
import { setUpTray, type TrayIcon } from './tray.ts';
import { type MenuAction, planTrayMenu } from './tray-menu.ts';
import { planTrayState } from './tray-state.ts';
import type { Rectangle } from './window-place.ts';

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
  const { client, follower, engine } = link;
  const notifier: Notifier = createNotifier({
    isSupported: () => Notification.isSupported(),
    create: (options) => new Notification(options),
    onClick: (hash) => shower.go(hash),
    log,
  });
  const windows = setUpWindows({ places, link, log, notifications: notifier.state });
  const act = createMenuActions({
    client,
    showWindow: (hash) => shower.go(hash),
    showLogs: () => void shell.openPath(places.logs),
    setStartAtLogin: (isOn) => setLoginItem(app, platform, isOn),
    quit: () => app.quit(),
    onFailure: (error) => {
      onFailure(error);
      notifier.show({ title: 'That did not work', body: describe(error), hash: '#/' });
    },
  });
  const tray = openTray({ places, log, link, onClick: () => shower.toggle(), onAction: act });
  const iconPlace = (waitMs: number): Promise<Rectangle | undefined> =>
    findIconPlace({ bounds: () => tray?.bounds(), displays, waitMs: tray === undefined ? 0 : waitMs });
  const shower: AppShower = createAppShower({
    windows,
    iconPlace: () => iconPlace(platform === 'darwin' ? drawnWithinMs : 0),
    bounds: () => knownBounds(tray),
  });
  follower.onChange((view) => tray?.show(planTrayState(view)));
  follower.onChange(finishInterrupted(client, onFailure));
  setUpNotices(link, notifier);
  void noticeHiddenIcon(tray, iconPlace, log, notifier);
  const quit = setUpQuit({
    app,
    view: follower.view,
    onChange: follower.onChange,
    engine,
    log,
    tellWaiting: () => void tellWaiting(),
    onEnd: () => tray?.destroy(),
  });
  setUpPower({
    powerMonitor,
    powerSaveBlocker,
    onChange: follower.onChange,
    wake: () => engine.post({ kind: 'wake' }),
    endSafely: quit.endSafely,
  });
  return {
    take: (request) => {
      if (request.kind === 'backUp') act({ kind: 'backUp' });
      else if (request.kind === 'restore') act({ kind: 'restore', id: request.id });
      else if (request.kind === 'show') void shower.show();
    },
  };
}

const drawnWithinMs = 1000;

const displays = (): readonly Rectangle[] => screen.getAllDisplays().map(({ bounds }) => bounds);

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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
    // Tests wait for less than a minute.
    heartbeatMs: Number(process.env['CODEX_BACKUP_HEARTBEAT_MS']) || undefined,
  });
}

interface TraySetUp extends StartOptions {
  readonly link: EngineLink;
  readonly onClick: () => void;
  readonly onAction: (action: MenuAction) => void;
}

function openTray({ places, log, link, onClick, onAction }: TraySetUp): TrayIcon | undefined {
  const { follower } = link;
  return setUpTray(
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
}

/** Linux says nothing: all is zero. */
function knownBounds(tray: TrayIcon | undefined): Rectangle | undefined {
  const bounds = tray?.bounds();
  return bounds !== undefined && bounds.width > 0 && bounds.height > 0 ? bounds : undefined;
}

function setUpNotices({ client, follower, onLost }: EngineLink, notifier: Notifier): void {
  const notices = createNotices({
    client,
    show: notifier.show,
    byteBase: platform === 'darwin' ? 1000 : 1024,
    now: () => Date.now(),
    after: (milliseconds, listener) => void setTimeout(listener, milliseconds),
  });
  follower.onChange(notices.takeView);
  follower.onJobEnd(notices.takeJobEnd);
  onLost(notices.takeLoss);
}

/** An icon that the system hides, as where a notch leaves no room, is said: nobody would find the app. */
async function noticeHiddenIcon(
  tray: TrayIcon | undefined,
  iconPlace: (waitMs: number) => Promise<Rectangle | undefined>,
  log: MainLog,
  notifier: Notifier,
): Promise<void> {
  if (tray === undefined || (platform !== 'darwin' && knownBounds(tray) === undefined && isZero(tray.bounds()))) return;
  if ((await iconPlace(3 * drawnWithinMs)) !== undefined) return;
  log.warn('The system hides the icon.');
  notifier.show({
    title: 'The icon is hidden',
    body: 'The menu bar has no room for it. Open Codex Auto-Backup again to see the panel in a window.',
    hash: '#/',
  });
}

const isZero = ({ x, y, width, height }: Rectangle): boolean => [x, y, width, height].every((value) => value === 0);

async function tellWaiting(): Promise<void> {
  await dialog.showMessageBox({
    type: 'info',
    message: 'A restore is running.',
    detail: 'Codex Auto-Backup quits as soon as it is done, so that nothing is left half-restored.',
    buttons: ['OK'],
  });
}
