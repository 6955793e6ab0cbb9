import { app, dialog, Notification, powerMonitor, powerSaveBlocker, shell, utilityProcess } from 'electron';
import { type AppIcon, openAppIcon } from './app-icon.ts';
import type { AppPlaces } from './app-places.ts';
import { findExecutable, planAppRecord } from './app-record.ts';
import { type EngineLink, openEngineLink } from './engine-link.ts';
import { finishInterrupted } from './finish-interrupted.ts';
import type { LaunchRequest } from './launch-request.ts';
import type { MainLog } from './log.ts';
import { setLoginItem } from './login-item.ts';
import { createMenuActions } from './menu-actions.ts';
import { createNotices } from './notices.ts';
import { createNotifier, type Notifier } from './notifier.ts';
import { setUpPower } from './power.ts';
import { setUpQuit } from './quit.ts';
import { setUpWindows } from './set-up-windows.ts';
import { createAppShower } from './show-app.ts';
import { showQuestions } from './show-questions.ts';

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
  const shower = createAppShower({ windows, icon: () => icon });
  const act = createMenuActions({
    client,
    showWindow: shower.go,
    showLogs: () => void shell.openPath(places.logs),
    setStartAtLogin: (isOn) => {
      const choice = setLoginItem(app, platform, isOn);
      if (choice?.note) notifier.show({ title: 'Starting at login', body: choice.note, hash: '#/settings' });
    },
    quit: () => app.quit(),
    onFailure: (error) => {
      onFailure(error);
      notifier.show({ title: 'That did not work', body: describe(error), hash: '#/' });
    },
  });
  const icon: AppIcon = openAppIcon({ places, log, follower, notifier, onClick: shower.toggle, onAction: act });
  follower.onChange(finishInterrupted(client, onFailure));
  follower.onChange(showQuestions(() => shower.go('#/')));
  setUpNotices(link, notifier);
  const { endSafely } = setUpQuit({ app, follower, engine, log, tellWaiting, onEnd: icon.destroy });
  const wake = (): void => engine.post({ kind: 'wake' });
  setUpPower({ powerMonitor, powerSaveBlocker, onChange: follower.onChange, wake, endSafely });
  return {
    take: (request) => {
      if (request.kind === 'backUp') act({ kind: 'backUp' });
      else if (request.kind === 'restore') act({ kind: 'restore', id: request.id });
      else if (request.kind === 'show') void shower.show();
    },
  };
}

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

function tellWaiting(): void {
  void dialog.showMessageBox({
    type: 'info',
    message: 'A restore is running.',
    detail: 'Codex Auto-Backup quits as soon as it is done, so that nothing is left half-restored.',
    buttons: ['OK'],
  });
}
