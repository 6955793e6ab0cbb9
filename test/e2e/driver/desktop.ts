// Runs in the main process of the app, before the app: in the stand-in as a module, in a real Electron as a script made
// of this text. So it imports nothing but types.
import type {
  Menu,
  MenuItem,
  MessageBoxOptions,
  NativeImage,
  Notification,
  OpenDialogOptions,
  Session,
  Tray,
  UtilityProcess,
  WebContents,
} from 'electron';
import type { Desktop, DesktopOptions, MenuRecord } from './desktop-record.ts';

type ElectronMain = typeof import('electron');

/** Puts a record in front of what the app does to the desktop, and lets a test do what a user would. */
export function recordDesktop(electron: ElectronMain, options: DesktopOptions): Desktop {
  return {
    ...recordTray(electron, options),
    ...recordNotifications(electron, options),
    ...recordDialogs(electron),
    ...recordSystem(electron),
    ...recordWindows(electron),
    ...recordPages(electron),
  };
}

/** Runs the listener before each call of a method, with the object and its arguments. */
function before<Owner extends object>(
  owner: Owner,
  name: keyof Owner,
  listener: (self: unknown, args: readonly unknown[]) => void,
): void {
  const method = owner[name] as (...args: unknown[]) => unknown;
  const recorded = function (this: unknown, ...args: unknown[]): unknown {
    listener(this, args);
    return method.apply(this, args);
  };
  Object.defineProperty(owner, name, { value: recorded, configurable: true, writable: true });
}

function replace<Owner extends object, Name extends keyof Owner>(owner: Owner, name: Name, value: unknown): void {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
}

type TrayPart = Pick<Desktop, 'tray' | 'clickTray' | 'menu' | 'choose'>;

function recordTray({ Tray, nativeImage }: ElectronMain, options: DesktopOptions): TrayPart {
  const files = new WeakMap<NativeImage, string>();
  const createFromPath = nativeImage.createFromPath;
  replace(nativeImage, 'createFromPath', (path: string) => {
    const image = createFromPath(path);
    files.set(image, path);
    return image;
  });
  let tray: Tray | undefined;
  let toolTip = '';
  let menu: Menu | undefined;
  const images: string[] = [];
  const see = (self: unknown): void => {
    if (options.tray === 'none') throw new Error('This desktop has no place for an icon.');
    tray = self as Tray;
  };
  before(Tray.prototype, 'setImage', (self, [image]) => {
    see(self);
    images.push(typeof image === 'string' ? image : (files.get(image as NativeImage) ?? ''));
  });
  before(Tray.prototype, 'setToolTip', (self, [text]) => {
    see(self);
    toolTip = String(text);
  });
  before(Tray.prototype, 'setContextMenu', (self, [given]) => {
    see(self);
    menu = (given as Menu | null) ?? undefined;
  });
  before(Tray.prototype, 'popUpContextMenu', (self, [given]) => {
    see(self);
    if (given !== undefined) menu = given as Menu;
  });
  if (options.tray === 'hidden') {
    replace(Tray.prototype, 'getBounds', () => ({ x: -4000, y: -4000, width: 0, height: 0 }));
  }
  const shown = (): Tray => {
    if (tray === undefined || tray.isDestroyed()) throw new Error('The app shows no icon.');
    return tray;
  };
  const describe = (item: MenuItem): MenuRecord => ({
    id: item.id,
    label: item.label,
    isEnabled: item.enabled,
    isVisible: item.visible,
    isChecked: item.checked,
    items: item.submenu?.items.map(describe) ?? [],
  });
  const openMenu = (): Menu => {
    if (menu === undefined) shown().emit('right-click', {}, shown().getBounds());
    if (menu === undefined) throw new Error('The icon has no menu.');
    return menu;
  };
  return {
    tray: () => (tray === undefined || tray.isDestroyed() ? null : { image: images.at(-1) ?? '', images, toolTip }),
    clickTray: (button = 'click') => {
      const bounds = shown().getBounds();
      shown().emit(button, {}, bounds, { x: bounds.x, y: bounds.y });
    },
    menu: () => openMenu().items.map(describe),
    choose: (id) => {
      const item = openMenu().getMenuItemById(id);
      if (item === null) throw new Error(`The menu has no "${id}".`);
      if (!item.enabled || !item.visible) throw new Error(`"${id}" can't be chosen now.`);
      item.click({}, undefined, undefined);
    },
  };
}

type NotificationPart = Pick<Desktop, 'notifications' | 'clickNotification'>;

function recordNotifications({ Notification }: ElectronMain, options: DesktopOptions): NotificationPart {
  const shown: Notification[] = [];
  if (options.notifications === 'unsupported') replace(Notification, 'isSupported', () => false);
  if (options.notifications === 'failed') {
    replace(Notification.prototype, 'show', function (this: Notification) {
      queueMicrotask(() => this.emit('failed', {}, 'the app is not signed'));
    });
  } else before(Notification.prototype, 'show', (self) => shown.push(self as Notification));
  return {
    notifications: () => shown.map(({ title, body }) => ({ title, body })),
    clickNotification: (index) => void shown.at(index)?.emit('click', {}),
  };
}

type DialogPart = Pick<Desktop, 'dialogs' | 'answerDialog'>;

function recordDialogs({ dialog }: ElectronMain): DialogPart {
  type Asked = {
    readonly kind: 'open' | 'message';
    readonly options: OpenDialogOptions & MessageBoxOptions;
    readonly answer: (value: unknown) => void;
  };
  const asked: Asked[] = [];
  const ask =
    (kind: Asked['kind']) =>
    (...args: readonly unknown[]): Promise<unknown> =>
      // With or without a window before the options.
      new Promise((answer) => asked.push({ kind, options: (args.at(-1) ?? {}) as Asked['options'], answer }));
  replace(dialog, 'showOpenDialog', ask('open'));
  replace(dialog, 'showMessageBox', ask('message'));
  return {
    dialogs: () =>
      asked.map(({ kind, options: { title = '', message = '', buttons = [] } }) => ({ kind, title, message, buttons })),
    answerDialog: (answer) => {
      const first = asked.shift();
      if (first === undefined) throw new Error('No dialog is open.');
      if (typeof answer === 'number') first.answer({ response: answer, checkboxChecked: false });
      else first.answer({ canceled: answer.length === 0, filePaths: [...answer] });
    },
  };
}

type SystemPart = Pick<Desktop, 'opened' | 'power' | 'keptAwake' | 'opensAtLogin' | 'utilities' | 'quit'>;

function recordSystem(electron: ElectronMain): SystemPart {
  const { app, powerMonitor, powerSaveBlocker, shell, utilityProcess } = electron;
  const opened: string[] = [];
  replace(shell, 'openExternal', async (url: string) => void opened.push(url));
  replace(shell, 'openPath', async (path: string) => {
    opened.push(path);
    return '';
  });
  replace(shell, 'showItemInFolder', (path: string) => void opened.push(path));
  const blockers = new Set<number>();
  const start = powerSaveBlocker.start.bind(powerSaveBlocker);
  replace(powerSaveBlocker, 'start', (type: 'prevent-app-suspension') => {
    const id = start(type);
    blockers.add(id);
    return id;
  });
  before(powerSaveBlocker, 'stop', (_, [id]) => blockers.delete(id as number));
  // A test must not change what the user's own session starts.
  let opensAtLogin = false;
  replace(app, 'setLoginItemSettings', ({ openAtLogin = false }: Electron.Settings) => {
    opensAtLogin = openAtLogin;
  });
  replace(app, 'getLoginItemSettings', () => ({
    openAtLogin: opensAtLogin,
    status: opensAtLogin ? 'enabled' : 'not-registered',
  }));
  const running = new Map<UtilityProcess, string>();
  const fork = utilityProcess.fork.bind(utilityProcess);
  replace(utilityProcess, 'fork', (path: string, args?: string[], options?: Electron.ForkOptions) => {
    const child = fork(path, args, options);
    running.set(child, options?.serviceName ?? '');
    child.once('exit', () => running.delete(child));
    return child;
  });
  return {
    opened: () => opened,
    power: (name) => {
      let isHeld = false;
      powerMonitor.emit(name as 'resume', {
        preventDefault: () => {
          isHeld = true;
        },
      });
      return !isHeld;
    },
    keptAwake: () => blockers.size,
    opensAtLogin: () => opensAtLogin,
    utilities: () => [...running].flatMap(([{ pid }, name]) => (pid === undefined ? [] : [{ pid, name }])),
    quit: () => app.quit(),
  };
}

type WindowPart = Pick<Desktop, 'windows' | 'load' | 'closeWindow' | 'blur'>;

function recordWindows({ BrowserWindow }: ElectronMain): WindowPart {
  const windowOf = (id: number): Electron.BrowserWindow => {
    const window = BrowserWindow.getAllWindows().find((one) => one.id === id);
    if (window === undefined) throw new Error(`There is no window ${id}.`);
    return window;
  };
  return {
    windows: () =>
      BrowserWindow.getAllWindows().map((window) => ({
        id: window.id,
        url: window.webContents.getURL(),
        isVisible: window.isVisible(),
        isFocused: window.isFocused(),
        bounds: window.getBounds(),
      })),
    load: (id, url) => windowOf(id).loadURL(url),
    closeWindow: (id) => windowOf(id).close(),
    blur: (id) => windowOf(id).blur(),
  };
}

type PagePart = Pick<Desktop, 'permits' | 'channels' | 'forge'>;

function recordPages({ BrowserWindow, ipcMain, app, session: sessions }: ElectronMain): PagePart {
  type Handler = (event: object, ...args: readonly unknown[]) => unknown;
  const handlers = new Map<string, Handler>();
  before(ipcMain, 'handle', (_, [channel, handler]) => handlers.set(String(channel), handler as Handler));
  let onRequest: Parameters<Session['setPermissionRequestHandler']>[0] = null;
  let onCheck: Parameters<Session['setPermissionCheckHandler']>[0] = null;
  const followSession = (session: Session): void => {
    before(session, 'setPermissionRequestHandler', (_, [handler]) => {
      onRequest = handler as typeof onRequest;
    });
    before(session, 'setPermissionCheckHandler', (_, [handler]) => {
      onCheck = handler as typeof onCheck;
    });
  };
  // A real session is there only when the app is ready, and this listener is the first.
  app.once('ready', () => followSession(sessions.defaultSession));
  return {
    permits: (permission) => {
      const [window] = BrowserWindow.getAllWindows();
      const contents = window?.webContents as WebContents;
      const answers: boolean[] = [];
      onRequest?.(contents, permission as 'media', (isGiven) => answers.push(isGiven), {} as never);
      if (onCheck !== null) answers.push(onCheck(contents, permission as 'media', contents.getURL(), {} as never));
      return answers;
    },
    channels: () => [...handlers.keys(), ...ipcMain.eventNames().map(String)],
    forge: async ({ windowId, frame, channel, args }) => {
      const sender = BrowserWindow.getAllWindows().find(({ id }) => id === windowId)?.webContents;
      if (sender === undefined) throw new Error(`There is no window ${windowId}.`);
      const frames = { main: sender.mainFrame, child: sender.mainFrame.frames[0], none: null };
      const senderFrame = frames[frame];
      if (senderFrame === undefined) throw new Error('The page has no frame within it.');
      const event = { sender, senderFrame, type: 'frame', ports: [], reply: () => undefined };
      const handler = handlers.get(channel);
      if (handler === undefined) return ipcMain.emit(channel, event, ...args);
      try {
        return await handler(event, ...args);
      } catch {
        return 'refused';
      }
    },
  };
}
