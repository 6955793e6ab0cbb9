import type {
  Dialog,
  Display,
  NativeImage,
  NativeTheme,
  NotificationConstructorOptions,
  Point,
  PowerSaveBlocker,
  Notification as RealNotification,
  Tray as RealTray,
  Rectangle,
  Screen,
  Shell,
} from 'electron';
import { createEvent, strict, strictEmitter } from './strict.ts';

// What a desktop would draw or do. Nothing is drawn here; the tests' own record of it is made from the outside, in the
// same way as with a real Electron (test/e2e/driver/desktop.ts).

type UsedOfTray =
  | 'setImage'
  | 'setToolTip'
  | 'setTitle'
  | 'setContextMenu'
  | 'popUpContextMenu'
  | 'getBounds'
  | 'destroy'
  | 'isDestroyed';

export class Tray extends strictEmitter('Tray') implements Pick<RealTray, UsedOfTray> {
  #isDestroyed = false;

  constructor(image: NativeImage | string) {
    super();
    this.setImage(image);
  }

  setImage(_image: NativeImage | string): void {
    this.#check();
  }

  setToolTip(_text: string): void {
    this.#check();
  }

  setTitle(_text: string): void {
    this.#check();
  }

  setContextMenu(_menu: Electron.Menu | null): void {
    this.#check();
  }

  popUpContextMenu(_menu?: Electron.Menu, _position?: Point): void {
    this.#check();
  }

  getBounds(): Rectangle {
    this.#check();
    return { x: 1200, y: 0, width: 22, height: 22 };
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  #check(): void {
    if (this.#isDestroyed) throw new TypeError('Tray is destroyed');
  }
}

export class Notification
  extends strictEmitter('Notification')
  implements Pick<RealNotification, 'title' | 'body' | 'silent' | 'show' | 'close'>
{
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;

  static isSupported(): boolean {
    return true;
  }

  constructor({ title = '', body = '', silent = false }: NotificationConstructorOptions = {}) {
    super();
    this.title = title;
    this.body = body;
    this.silent = silent;
  }

  show(): void {
    queueMicrotask(() => this.emit('show', createEvent()));
  }

  close(): void {
    queueMicrotask(() => this.emit('close', createEvent()));
  }
}

/** Each dialog stays open until a test answers it, for which it puts its own function in the place of these. */
const unanswered = (): Promise<never> => new Promise(() => undefined);
export const dialog = strict('dialog', {
  showOpenDialog: unanswered,
  showMessageBox: unanswered,
} satisfies Partial<Dialog>);

export const shell = strict('shell', {
  openExternal: async () => undefined,
  openPath: async () => '',
  showItemInFolder: () => undefined,
} satisfies Partial<Shell>);

class StandInPowerMonitor extends strictEmitter('powerMonitor') {}
export const powerMonitor = new StandInPowerMonitor();

const blockers = new Set<number>();
let lastBlocker = 0;
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start: () => {
    lastBlocker += 1;
    blockers.add(lastBlocker);
    return lastBlocker;
  },
  stop: (id: number) => blockers.delete(id),
  isStarted: (id: number) => blockers.has(id),
} satisfies Partial<PowerSaveBlocker>);

const display = {
  id: 1,
  bounds: { x: 0, y: 0, width: 1440, height: 900 },
  workArea: { x: 0, y: 24, width: 1440, height: 876 },
  scaleFactor: 2,
} as Display;

class StandInScreen
  extends strictEmitter('screen')
  implements Pick<Screen, 'getDisplayNearestPoint' | 'getPrimaryDisplay' | 'getAllDisplays' | 'getCursorScreenPoint'>
{
  getDisplayNearestPoint(_point: Point): Display {
    return display;
  }

  getPrimaryDisplay(): Display {
    return display;
  }

  getAllDisplays(): Display[] {
    return [display];
  }

  getCursorScreenPoint(): Point {
    return { x: 1211, y: 11 };
  }
}
export const screen = new StandInScreen();

class StandInTheme extends strictEmitter('nativeTheme') implements Pick<NativeTheme, 'shouldUseDarkColors'> {
  readonly shouldUseDarkColors = false;
}
export const nativeTheme = new StandInTheme();
