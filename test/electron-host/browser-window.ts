import type { BrowserWindowConstructorOptions, BrowserWindow as RealWindow, Rectangle, WebContents } from 'electron';
import { host, startedChromium } from './host.ts';
import { checkPreferences } from './page-scripts.ts';
import { asWhole, createEvent, strictEmitter } from './strict.ts';
import { StandInContents } from './web-contents.ts';

type Used =
  | 'id'
  | 'webContents'
  | 'loadURL'
  | 'show'
  | 'showInactive'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'isVisible'
  | 'isFocused'
  | 'isDestroyed'
  | 'isMinimized'
  | 'restore'
  | 'close'
  | 'destroy'
  | 'getBounds'
  | 'setBounds'
  | 'setPosition';

let lastId = 0;
let focused: BrowserWindow | undefined;

/** A window: one page of Chromium, and the book-keeping of where it would be, and whether one would see it. */
export class BrowserWindow extends strictEmitter('BrowserWindow') implements Pick<RealWindow, Used> {
  readonly id: number;
  readonly webContents: WebContents;
  readonly contents: StandInContents;
  /** Nothing is ever minimized. */
  readonly restore = () => undefined;
  #bounds: Rectangle;
  #isVisible: boolean;
  #isDestroyed = false;
  #isPainted = false;

  static getAllWindows(): RealWindow[] {
    return [...host.windows].map((window) => asWhole(window));
  }

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    const { x = 0, y = 0, width = 800, height = 600, show = true, webPreferences: preferences = {} } = options;
    checkPreferences(preferences);
    const chromium = startedChromium();
    lastId += 1;
    this.id = lastId;
    this.#bounds = { x, y, width, height };
    this.#isVisible = show;
    const onPaint = (): void => this.#painted();
    this.contents = new StandInContents({ id: this.id, width, height, preferences, chromium, onPaint });
    this.contents.page.catch((error) => console.error('A window could not be opened:', error));
    this.webContents = asWhole(this.contents);
    host.windows.add(this);
    host.app?.emit('web-contents-created', createEvent(), this.contents);
    host.app?.emit('browser-window-created', createEvent(), this);
  }

  loadURL(url: string): Promise<void> {
    return this.contents.load(url);
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (this.#isVisible) return;
    this.#isVisible = true;
    this.emit('show', createEvent());
  }

  hide(): void {
    if (!this.#isVisible) return;
    this.#isVisible = false;
    this.emit('hide', createEvent());
    this.blur();
  }

  focus(): void {
    if (focused === this) return;
    focused?.blur();
    focused = this;
    this.emit('focus', createEvent());
  }

  blur(): void {
    if (focused !== this) return;
    focused = undefined;
    this.emit('blur', createEvent());
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  isFocused(): boolean {
    return focused === this;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isMinimized(): boolean {
    return false;
  }

  getBounds(): Rectangle {
    return { ...this.#bounds };
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    const { width, height } = this.#bounds;
    const screen = { width, height, deviceScaleFactor: 1, mobile: false };
    const resize = this.contents.page.then(({ session }) => session.send('Emulation.setDeviceMetricsOverride', screen));
    resize.catch(() => undefined); // the page has gone
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  close(): void {
    const event = createEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    if (focused === this) focused = undefined;
    host.windows.delete(this);
    this.contents.leave();
    const closed = Promise.all([host.chromium, this.contents.page]).then(([chromium, { targetId }]) =>
      chromium?.closePage(targetId),
    );
    closed.catch(() => undefined); // Chromium has gone before
    this.emit('closed');
    if (host.windows.size === 0) host.app?.emit('last-window-closed');
  }

  #painted(): void {
    if (this.#isPainted) return;
    this.#isPainted = true;
    this.emit('ready-to-show', createEvent());
  }
}
